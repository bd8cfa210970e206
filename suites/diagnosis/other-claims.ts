import { Claims } from '../../spec/claims/claims.js';
import { type Dialect, deviations } from '../../spec/dialect.js';
import type { Case, DType, Layout } from '../../spec/types/documents.js';
import { dialect } from '../properties/kernel/dialect.js';
import type { CaseRunner } from '../runner/run/case-runner.js';
import { claimed } from './claimed-sizes.js';
import { planDialect } from './dialect/plan.js';

/** Fewest failing cases that must be right under other claims. */
const LEAST = 2;

/** What a kernel may do in place of what it claims. */
interface Meaning {
  /** Runner of the kernel with these claims. */
  readonly runner: CaseRunner;
  readonly layout?: Layout;
  readonly dialect?: Dialect;
}

/**
 * The claims under which a kernel is right in cases that it fails: it is called again for them with tensors of the other layout, with the conventions that it was
 * seen to have, or both. Undefined where there are none, or it is right in few cases.
 * @param cases cases that may fail; those that fail again are asked. @param leastShare share of them in which it must be right.
 */
export async function claimsThatHold(runner: CaseRunner, cases: readonly Case[], leastShare: number): Promise<string | undefined> {
  if (cases.some(({ parallel }) => parallel)) return undefined;
  const failing = await thoseThatFail(runner, cases);
  if (failing.length < LEAST) return undefined;
  for await (const meaning of meaningsOf(runner, failing[0])) {
    const called = failing.flatMap((c) => claimed(meaning.runner, asMeant(c, meaning)));
    const outcomes = called.length < LEAST ? [] : await meaning.runner.run(called);
    const right = outcomes.filter(({ status }) => status === 'pass').length;
    if (right >= LEAST && right >= leastShare * called.length) return describe(meaning, right, called.length, failing[0]);
  }
  return undefined;
}

async function thoseThatFail(runner: CaseRunner, cases: readonly Case[]): Promise<Case[]> {
  const called = cases.flatMap((c) => claimed(runner, c));
  const outcomes = called.length < LEAST ? [] : await runner.run(called);
  return called.filter((_, x) => outcomes[x]?.status === 'failed').map((failing) => failing.case);
}

/** The plainest first. */
async function* meaningsOf(runner: CaseRunner, { dtype }: Case): AsyncGenerator<Meaning> {
  const claims = inOtherLayout(runner.claims);
  if (claims) yield { runner: runner.claiming(claims), layout: claims.capabilities.layouts[0] };
  const seen = await seenDialect(runner, dtype);
  if (Object.keys(seen).length > 0) yield { runner, dialect: seen };
}

function asMeant(c: Case, { runner, layout = c.layout, dialect: seen }: Meaning): Case {
  if (!seen) return { ...c, layout };
  return { ...c, layout, dialect: deviations({ ...runner.claims.capabilities.dialect, ...seen }) };
}

const others: Readonly<Partial<Record<Layout, Layout>>> = { bhld: 'blhd', blhd: 'bhld' };
const laidOtherwise = new WeakMap<Claims, Claims>();

/** The claims with the other layout of tensors that are not packed; undefined where both are claimed, or neither. */
function inOtherLayout(claims: Claims): Claims | undefined {
  const { library, capabilities } = claims;
  const [layout, ...more] = capabilities.layouts.flatMap((own) => others[own] ?? []);
  if (!layout || more.length > 0) return undefined;
  const other = laidOtherwise.get(claims) ?? Claims.of(library, { ...capabilities, layouts: [layout] });
  laidOtherwise.set(claims, other);
  return other;
}

const seenBefore = new WeakMap<Claims, Map<DType, Promise<Dialect>>>();

/** The conventions in which a kernel was seen to differ from those that it claims, by calls that tell each of them; none where it refuses one of these. */
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
  const [first, ...calls] = planDialect(claims.capabilities, dtype).calls;
  if (!first) return {};
  const [outcome] = await runner.run([{ case: first.case, calls: [first, ...calls] }]);
  return (outcome?.status === 'failed' && outcome.dialect) || {};
}

function describe({ layout, dialect: seen }: Meaning, right: number, of: number, { dtype, operator }: Case): string {
  const pairs = Object.entries(seen ?? {}).map(([axis, value]) => `${axis}=${value}`);
  const meant = [...(layout ? [`tensors of layout ${layout}`] : []), ...(pairs.length > 0 ? [`the dialect ${pairs.join(', ')}`] : [])];
  const check = pairs.length > 0 ? ` (see the check ${operator}/any/dialect/${dtype})` : '';
  const flags = pairs.map((pair) => `--dialect ${pair}`).join(' ');
  const declare = [...(layout ? [`"layouts": ["${layout}"] in its capabilities`] : []), ...(flags ? [flags] : [])].join(' and ');
  return `with ${meant.join(' and ')}, the kernel is right in ${right} of ${of} of these cases: if this is intended, declare it with ${declare}${check}`;
}
