import type { FullCapabilities } from '../../../spec/claims/capabilities.js';
import { inputsOf } from '../../../spec/operator/facts.js';
import { type LawOf, lawsWith } from '../../../spec/operator/laws.js';
import type { Case, LawCondition, Limits, Operator } from '../../../spec/types/documents.js';
import type { JudgeContext, Judgement, Property } from '../../contract/property.js';
import { diagnosisFor } from '../../diagnosis/hints/hints.js';
import { firstFailure } from './first-failure.js';

/** Kind of law that a property tests. */
interface LawKind<Key extends string> extends Pick<Property, 'name' | 'title'>, Partial<Pick<Property, 'needs'>> {
  readonly key: Key;
  readonly calls: number;
  readonly unmasked?: boolean;
  asks?(operator: Operator, law: LawOf<Key>): boolean;
  cases(c: Case, law: LawOf<Key>, operator: Operator, limits: Limits): Case[];
  /** Judges a law. @param calls indices of its calls, in the order of `cases`. */
  judge(context: JudgeContext, law: LawOf<Key>, operator: Operator, calls: readonly number[]): Judgement;
}

/** Property that tests each law of one kind. */
export function lawProperty<Key extends string>(kind: LawKind<Key>): Property {
  const { name, title, calls, cases, judge } = kind;
  const distributions = ['normal', 'integers', 'uniform'] as const;
  return {
    name,
    title,
    perMask: false,
    perFeature: false,
    law: true,
    speaksOf: (operator) => spokenLaws(operator, kind).length > 0,
    needs: { distributions, calls, ...kind.needs },
    unsupported: (capabilities, operator) => (kind.unmasked && whyMasked(capabilities, operator)) || whyNoLaw(capabilities, operator, kind),
    calls: (c, claims) => {
      const operator = claims.operator(c.operator) as Operator;
      const all = lawsOf(claims.capabilities, operator, kind).flatMap((law) => cases(c, law, operator, claims.capabilities.limits));
      return all.map((subject) => ({ command: 'forward', case: subject }));
    },
    judge: (context) => {
      const operator = context.claims.operator(context.case.operator) as Operator;
      const laws = lawsOf(context.claims.capabilities, operator, kind);
      const each = context.calls.length / laws.length;
      return firstFailure(laws.entries(), ([place, law]) => {
        const own = Array.from({ length: each }, (_, call) => place * each + call);
        const judgement = judge(context, law, operator, own);
        return judgement.status === 'fail' ? { ...judgement, ...diagnosisFor(context, own) } : judgement;
      });
    },
  };
}

function whyMasked({ masks, denseMask }: FullCapabilities, operator: Operator | undefined): string | undefined {
  const { masks: own = ['full'] } = operator ?? {};
  if (!(own === 'any' || own.includes('full')) || masks.includes('full') || denseMask !== false) return undefined;
  return 'mask full, which the law needs, is not claimed';
}

type AskedLaws<Key extends string> = Pick<LawKind<Key>, 'key' | 'asks'>;

function spokenLaws<Key extends string>(operator: Operator, { key, asks = () => true }: AskedLaws<Key>): LawOf<Key>[] {
  return lawsWith(operator, key).filter((law) => asks(operator, law));
}

function lawsOf<Key extends string>(capabilities: FullCapabilities, operator: Operator, kind: AskedLaws<Key>): LawOf<Key>[] {
  return spokenLaws(operator, kind).filter((law) => whyNotAsked(capabilities, operator, law) === undefined);
}

/** Reason not to test a law: an option of its condition is not claimed, or has a fixed value. */
function whyNotAsked(capabilities: FullCapabilities, operator: Operator, law: object): string | undefined {
  const { when = {}, state = {} } = law as { readonly when?: LawCondition; readonly state?: Readonly<Record<string, string>> };
  const { options, fixed = {} } = capabilities;
  const optional = [...Object.keys(when).filter((name) => !(name in inputsOf(operator))), ...Object.keys(state)];
  const missing = optional.find((name) => !options.includes(name));
  if (missing !== undefined) return `option ${missing}, which the law of ${operator.name} needs, is not claimed`;
  // a law's calls lack every optional input
  const own = Object.keys(fixed).find((name) => Object.hasOwn(when, name) || Object.hasOwn(operator.optional ?? {}, name));
  return own === undefined ? undefined : `the implementation computes ${own} itself, but the law of ${operator.name} needs another value`;
}

function whyNoLaw<Key extends string>(
  capabilities: FullCapabilities,
  operator: Operator | undefined,
  kind: AskedLaws<Key>,
): string | undefined {
  if (operator === undefined || lawsOf(capabilities, operator, kind).length > 0) return undefined;
  const [law] = spokenLaws(operator, kind);
  return law ? whyNotAsked(capabilities, operator, law) : `${operator.name} has no law of this kind`;
}
