import { transformOf, untransformed, withChange } from '../../../generators/values/transform.js';
import { excludedBy } from '../../../spec/claims/capabilities.js';
import type { Claims } from '../../../spec/claims/claims.js';
import type { Case, Change, Operator } from '../../../spec/types/documents.js';
import { identical } from '../../judging/bits.js';
import { firstFailure } from '../../judging/first-failure.js';
import { otherShape } from '../../judging/other-shape.js';
import { asStateful, judgeOne, judgeRepeated } from '../../judging/repeated.js';
import type { CallSpec, JudgeContext, Judgement, Property } from '../property.js';
import { claimsBackward } from './gradient.js';

/** One of the calls; `again`: which earlier one had the same inputs. */
interface Step extends CallSpec {
  readonly again?: number;
}

/**
 * Calls in a row, on one kernel: a case; other values in the same buffers; the case again; the case after each of its changes, every one of
 * which leaves all else as it was in the call before; another shape; the case again. Calls with the same inputs agree, to the bit where that is
 * claimed; the others are held to the oracle. The backward pass, where it is claimed: the case, other values, the case again, and the changes
 * of what it alone is given, and of one thing more.
 */
export const stateless: Property = {
  name: 'stateless',
  title: 'a call depends on its inputs alone, not on the calls before it',
  perMask: false,
  perFeature: false,
  needs: { calls: 12, changes: true, passes: 20 },
  unsupported: () => undefined,
  calls: (c, claims) => stepsOf(c, claims).map(({ command, case: subject }) => ({ command, case: subject })),
  judge: (context) => {
    const steps = stepsOf(context.case, context.claims);
    return firstFailure(steps.entries(), ([call, { again }]) =>
      again === undefined ? judgeFirst(context, steps, call) : judgeRepeated(context, again, call),
    );
  },
};

function stepsOf(drawn: Case, claims: Claims): Step[] {
  const { capabilities } = claims;
  const c = untransformed(drawn);
  const other: Case = { ...c, values: { ...c.values, seed: c.values.seed + 1 } };
  const [forwardChanges, backwardChanges] = changesOf(drawn);
  const shape = c.packed || c.history ? undefined : otherShape(c, claims.operator(c.operator) as Operator, capabilities);
  const steps = (command: CallSpec['command'], cases: readonly Case[], first: number): Step[] =>
    cases.map((subject, call) => ({ command, case: subject, ...(subject === c && call > 0 && { again: first }) }));
  const forward = steps('forward', [c, other, c, ...afterEach(c, forwardChanges), ...(shape ? [shape] : []), c], 0);
  if (c.history || !claimsBackward(capabilities) || excludedBy(capabilities, c, true)) return forward;
  return [...forward, ...steps('backward', [c, other, c, ...afterEach(c, backwardChanges)], forward.length)];
}

/** Returns the changes of forward calls, and of backward calls. A case of the first edition, and one that has shrunk to no change, has one: of k or v. */
function changesOf(drawn: Case): readonly [Change[], Change[]] {
  const { seed } = drawn.values;
  const listed = transformOf(drawn.values);
  const changes = listed.length > 0 ? listed : transformOf({ ...drawn.values, changed: true });
  const isCotangent = (change: Change) => 'change' in change && (change.change === 'do' || change.change === 'dlse');
  const both = changes.filter((change) => !isCotangent(change));
  return [both, [...changes.filter(isCotangent), ...(both.length > 0 ? [both[seed % both.length]] : [])]];
}

/** The case after the first change, after the first two, … */
function afterEach(c: Case, changes: readonly Change[]): Case[] {
  let subject = c;
  return changes.map((change) => {
    subject = withChange(subject, change);
    return subject;
  });
}

/** Inputs that were not seen before: right, and not what another call with the same shape gave. Gradients are for `gradient` to judge, but for those. */
function judgeFirst(context: JudgeContext, steps: readonly Step[], call: number): Judgement {
  const { command } = steps[call];
  const before = steps.findIndex((step, at) => at < call && step.command === command && sameOutputs(context, at, call));
  const stale = before >= 0;
  if (command === 'backward' && !stale) return { status: 'pass' };
  const judgement = judgeOne(context, call);
  // gradients that are wrong in both calls are wrong, and not kept
  if (judgement.status !== 'fail' || !stale || judgeOne(context, before).status === 'fail')
    return command === 'backward' ? { status: 'pass' } : judgement;
  const names = differing(context, before, call);
  const other = names.length === 0 ? 'other inputs' : `another ${names.join(' and another ')}`;
  return asStateful(
    judgement,
    `call ${call + 1} gives the output of call ${before + 1}, which had ${other}: ${judgement.message}`,
    names.length === 0 ? STALE : `its output is kept from an earlier call, or it does not go by all of ${names.join(' and ')}`,
  );
}

/** Lists the inputs and options in which two calls differ, where the others are the same. */
function differing({ calls }: JudgeContext, before: number, call: number): string[] {
  const [a, b] = [calls[before].case, calls[call].case];
  const list = (c: Case) => transformOf(c.values).flatMap((change) => ('change' in change ? [change.change] : []));
  const inputs = list(b).slice(list(a).length);
  const options = Object.keys(b.options).filter((name) => a.options[name] !== b.options[name]);
  const changed = [...inputs, ...options];
  if (JSON.stringify(a.mask) !== JSON.stringify(b.mask)) changed.push('mask');
  if (JSON.stringify(a.packed) !== JSON.stringify(b.packed)) changed.push('cu_q', 'cu_k');
  return a.values.seed === b.values.seed ? changed : [];
}

function sameOutputs({ results, calls }: JudgeContext, a: number, b: number): boolean {
  const sizes = (call: number) => JSON.stringify(calls[call].case.dims);
  return sizes(a) === sizes(b) && identical(results[a], results[b]);
}

const STALE = 'its output is kept from an earlier call: it goes by the shape, by the address or by a few elements of its inputs';
