import type { Claims } from '../../../spec/claims/claims.js';
import { type Dialect, deviations } from '../../../spec/dialect.js';
import type { Case, DType, Layout } from '../../../spec/types/documents.js';
import { planDialect } from '../../diagnosis/dialect/plan.js';
import { axisValues, declaringFlags } from '../../diagnosis/hints/dialects.js';
import { dialect } from '../../properties/kernel/dialect.js';
import type { CaseRunner } from '../run/case-runner.js';
import { claimed } from './claimed-sizes.js';

const LEAST = 2;

/** Claims that a kernel may have meant. */
interface Meant {
  readonly text: string;
  readonly declare: string;
  readonly runner: CaseRunner;
  /** True if cases depend on the claims, e.g. have hidden NaN, or tensors that differ by layout. */
  tells(called: readonly { readonly case: Case }[]): boolean;
  /** Case under these claims; undefined if independent of them. */
  caseOf(c: Case): Case | undefined;
}

/** Claims under which all failing cases pass: the other layout, then the observed conventions. */
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

/** Other layout, unless both or neither is claimed. */
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

/** Observed conventions that differ from the claims, if any. */
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

/** True if hidden slots hold more than numbers, on which their convention depends. */
function isPoisoned({ property, claims }: CaseRunner, c: Case): boolean {
  return property.calls(c, claims).some(({ case: { values } }) => values.poison !== undefined || values.distribution === 'poison');
}

const seenBefore = new WeakMap<Claims, Map<DType, Promise<Dialect>>>();

/** Observed conventions, cached; empty if a call is refused. */
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
