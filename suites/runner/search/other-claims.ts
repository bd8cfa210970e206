import type { Claims } from '../../../spec/claims/claims.js';
import { type Dialect, deviations } from '../../../spec/dialect.js';
import type { Case, DType, Layout } from '../../../spec/types/documents.js';
import { planDialect } from '../../diagnosis/dialect/plan.js';
import { axisValues, declaringFlags } from '../../diagnosis/hints/dialects.js';
import { dialect } from '../../properties/kernel/dialect.js';
import type { CaseRunner } from '../run/case-runner.js';
import { claimed } from './claimed-sizes.js';

/** Fewest failing cases that must be right under other claims. */
const LEAST = 2;

/** Claims that a kernel may have meant in place of its own. */
interface Meant {
  /** Names the tensors or the conventions with which a case is called. */
  readonly text: string;
  readonly declare: string;
  /** Runner of the kernel with these claims. */
  readonly runner: CaseRunner;
  /** Tells whether the cases say anything of these claims: those whose tensors lie alike either way do not, nor those in which no slot is hidden NaN. */
  tells(called: readonly { readonly case: Case }[]): boolean;
  /** The case as these claims have it; undefined where they say nothing of it. */
  caseOf(c: Case): Case | undefined;
}

/**
 * The claims under which a kernel is right in cases that it fails: it is called again for them with tensors of the other layout, then with the conventions that it
 * was seen to have. Undefined where it is wrong in a case by both: what explains some of them alone is another fault, or chance.
 * @param cases cases that may fail; those that fail again are asked.
 */
export async function claimsThatHold(runner: CaseRunner, cases: readonly Case[]): Promise<string | undefined> {
  if (cases.some(({ parallel }) => parallel)) return undefined;
  const failing = await thoseThatFail(runner, cases);
  if (failing.length < LEAST) return undefined;
  for (const meantBy of [meantLayout, meantDialect]) {
    const meant = await meantBy(runner, failing[0]);
    const called = failing.flatMap((c) => meant?.caseOf(c) ?? []).flatMap((c) => (meant ? claimed(meant.runner, c) : []));
    if (!meant || called.length < LEAST || !meant.tells(called)) continue;
    const right = (await meant.runner.run(called)).filter(({ status }) => status === 'pass').length;
    if (right === called.length)
      return `with ${meant.text}, the kernel is right in ${right} of ${called.length} of these cases: if this is intended, declare it with ${meant.declare}`;
  }
  return undefined;
}

async function thoseThatFail(runner: CaseRunner, cases: readonly Case[]): Promise<Case[]> {
  const called = cases.flatMap((c) => claimed(runner, c));
  const outcomes = called.length < LEAST ? [] : await runner.run(called);
  return called.filter((_, x) => outcomes[x]?.status === 'failed').map((failing) => failing.case);
}

const others: Readonly<Partial<Record<Layout, Layout>>> = { bhld: 'blhd', blhd: 'bhld' };

/** The other layout of tensors that are not packed; undefined where both are claimed, or neither. */
function meantLayout(runner: CaseRunner): Meant | undefined {
  const [layout, ...more] = runner.claims.capabilities.layouts.flatMap((own) => others[own] ?? []);
  if (!layout || more.length > 0) return undefined;
  return {
    text: `tensors of layout ${layout}`,
    declare: `"layouts": ["${layout}"] in its capabilities`,
    runner: runner.claiming(runner.claims.withLayouts([layout])),
    tells: (called) => called.some(({ case: { dims } }) => dims.hk * dims.g > 1 && dims.m > 1),
    caseOf: (c) => (others[c.layout] ? { ...c, layout } : undefined),
  };
}

/** All conventions that the kernel was seen to have in place of those that it claims; undefined where there are none. */
async function meantDialect(runner: CaseRunner, { dtype }: Case): Promise<Meant | undefined> {
  const { capabilities } = runner.claims;
  const seen = await seenDialect(runner, dtype);
  if (Object.keys(seen).length === 0) return undefined;
  const isNaNAlone = Object.keys(seen).every((axis) => axis === 'maskedNaN');
  const [{ case: asked }] = planDialect(capabilities, dtype).calls;
  return {
    text: `the dialect ${axisValues(seen).join(', ')}`,
    declare: declaringFlags(asked, seen),
    runner,
    tells: (called) => !isNaNAlone || called.every(({ case: c }) => isPoisoned(runner, c)),
    caseOf: (c) => ({ ...c, dialect: deviations({ ...capabilities.dialect, ...seen }) }),
  };
}

/** Tells whether some call of a case has something else than numbers in its hidden slots: only there a convention about them has a part. */
function isPoisoned({ property, claims }: CaseRunner, c: Case): boolean {
  return property.calls(c, claims).some(({ case: { values } }) => values.poison !== undefined || values.distribution === 'poison');
}

const seenBefore = new WeakMap<Claims, Map<DType, Promise<Dialect>>>();

/** The conventions, by calls that tell each of them; none where the kernel refuses one of these. They are looked for once. */
function seenDialect(runner: CaseRunner, dtype: DType): Promise<Dialect> {
  const known = seenBefore.get(runner.claims) ?? new Map<DType, Promise<Dialect>>();
  seenBefore.set(runner.claims, known);
  const seen = known.get(dtype) ?? look(runner.asking(dialect), dtype);
  known.set(dtype, seen);
  return seen;
}

async function look(runner: CaseRunner, dtype: DType): Promise<Dialect> {
  const { property, claims } = runner;
  if (property.unsupported(claims.capabilities) !== undefined) return {};
  const { calls } = planDialect(claims.capabilities, dtype);
  if (calls.length === 0) return {};
  const [outcome] = await runner.run([{ case: calls[0].case, calls }]);
  return (outcome?.status === 'failed' && outcome.dialect) || {};
}
