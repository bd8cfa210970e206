import type { Arbitrary } from 'fast-check';
import { workOf } from '../../../generators/dims/budget.js';
import { caseFault } from '../../../generators/validate.js';
import { overBound } from '../../../spec/numeric/over-bound.js';
import { elementsOf } from '../../../spec/tensor/case-elements.js';
import type { Case, FailingCall, FailureSummary, WorstCase } from '../../../spec/types/documents.js';
import type { Check } from '../../contract/check.js';
import type { CaseLoop, FoundFailure } from '../run/case-loop.js';
import type { CaseRunner } from '../run/case-runner.js';
import type { CheckContext } from '../run/check-context.js';
import { elementOf, type Failed, sameFailure } from '../run/outcome.js';
import { NotRestarted } from '../run/supervisor.js';
import { claimed } from './claimed-sizes.js';
import { diagnose } from './diagnose.js';
import { asksAfresh, keptFromBefore, passesAfresh, REPETITIONS, type Reproduction, reproduce } from './reproduce.js';
import { briefBudget, defaultBudget, type FailedCase, shrink, usualBudget } from './shrink.js';

/** Most other failing cases to try first in shrinking. */
const MOST_FIRST = 4;

const TIED = [
  ['m', 'n'],
  ['d', 'e'],
];

/** Most elements of a case for trying smaller sizes. */
const MOST_ELEMENTS = 2 ** 20;

/** Most multiply-adds of an explaining case, computed once per hypothesis. */
const MOST_WORK = 5e5;

function isExplainable({ dims }: Case): boolean {
  return workOf(dims) <= MOST_WORK;
}

/** Shrinks, repeats, explains and saves a failure. @param fresh unjudged cases for confirmation. */
export async function examine(
  check: Check,
  arbitrary: Arbitrary<Case>,
  runner: CaseRunner,
  context: Pick<CheckContext, 'stop' | 'failures' | 'known'>,
  caseLoop: Pick<CaseLoop, 'expected'>,
  { drawn, failed: found, expectation, others }: FoundFailure,
  fresh: () => readonly Case[] = () => [],
): Promise<FailureSummary> {
  let value = drawn.value;
  let failed = found;
  let adopted: readonly Case[] = [value.value];
  let again: Reproduction = { reproduced: -1 };
  let passesWith: FailureSummary['passesWith'];
  // a new failure must not shrink into a known one, or vice versa
  const keeps = (c: Case, f: Failed) => (caseLoop.expected(c, f) === undefined) === (expectation === undefined);
  const alike = others.filter((other) => sameFailure(found, other.failed) && keeps(other.value.value, other.failed));
  const known = context.known?.meet(runner.adapter, found) === true;
  const usual = context.known?.isUsual(runner.adapter, found) ? usualBudget : defaultBudget;
  if (found.verdict === 'fail' || found.verdict === 'crash') {
    try {
      if (!runner.property.fixedCalls)
        ({ value, failed, adopted } = await shrink(
          arbitrary,
          runner,
          { value, failed },
          { keeps, stop: () => context.stop() !== undefined, first: smallestOf(alike), budget: known ? briefBudget : usual },
        ));
      again = await reproduce(runner, { case: value.value, calls: runner.property.calls(value.value, runner.claims) }, failed);
      failed = again.failed ?? failed;
      const further = others.map((other) => other.value.value).filter(isExplainable);
      const met = adopted.filter((c, i) => i === adopted.length - 1 || isExplainable(c));
      const { hint: _, explanations: __, ...rest } = failed;
      failed = {
        ...rest,
        ...(await diagnose(runner, { adopted: met, others: further, fresh }, failed, context.known?.earlier(runner.adapter, failed))),
      };
      // kept state beats signs and patterns of an unexplained failure
      const isOpen = asksAfresh(failed) && again.reproduced === REPETITIONS;
      const called = { case: value.value, calls: runner.property.calls(value.value, runner.claims) };
      if (isOpen && (await context.known?.isKept(runner.adapter, failed, () => passesAfresh(runner, called))))
        failed = { ...failed, hint: keptFromBefore, where: undefined, weights: undefined };
      // a flaky failure may pass by chance
      else if (again.reproduced === REPETITIONS) passesWith = await sizesBelow(runner, value.value);
    } catch (error) {
      // an adapter that does not restart has failed too
      if (!(error instanceof NotRestarted)) throw error;
    }
  }
  const worst = worstOf([{ value: drawn.value, failed: found }, ...alike], value.value);
  const files = await runner.failureTensors(value.value, again.answer, failed);
  const call = callOf(runner, value.value, failed);
  const told = { ...(worst && { worst }), ...(call && { call }), ...(passesWith && { passesWith }) };
  const examined = { case: value.value, failed, reproduced: again.reproduced, ...told, ...(files && { files }) };
  const folder = await context.failures.write(check, examined);
  return {
    ...(folder !== undefined && { folder }),
    case: value.value,
    ...elementOf(failed),
    ...told,
    ...(files?.shown && { tensors: files.shown }),
    shrunk: adopted.length - 1,
    reproduced: again.reproduced,
  };
}

/** Wrong call of several: its case, to which the element belongs, may differ from the check's. */
export function callOf({ property, claims }: CaseRunner, c: Case, { call }: Failed): FailingCall | undefined {
  const calls = property.calls(c, claims);
  if (call === undefined || calls.length < 2) return undefined;
  return { number: call + 1, of: calls.length, ...calls[call] };
}

/** Smaller sizes that make the kernel right, e.g. at the end of a tile; undefined without any. */
async function sizesBelow(runner: CaseRunner, c: Case): Promise<FailureSummary['passesWith']> {
  if (runner.property.fixedCalls || elementsOf(c.dims) > MOST_ELEMENTS) return undefined;
  const smaller = (axes: readonly string[]) => {
    const sizes = Object.fromEntries(axes.map((axis) => [axis, c.dims[axis] - 1]));
    const other = { ...c, dims: { ...c.dims, ...sizes } };
    // sizes must fit the mask, the history and each other
    if (axes.some((axis) => c.dims[axis] <= 1) || caseFault(runner.claims.library, other, 'case')) return [];
    return claimed(runner, other).map((called) => ({ ...called, sizes }));
  };
  const alone = Object.keys(c.dims).flatMap((axis) => smaller([axis]));
  const together = TIED.filter((axes) => !alone.some(({ sizes }) => axes.some((axis) => axis in sizes))).flatMap(smaller);
  const called = [...alone, ...together];
  if (called.length === 0) return undefined;
  const right: NonNullable<FailureSummary['passesWith']> = [];
  for (let left = called; left.length > 0; ) {
    const outcomes = await runner.run(left, { each: true });
    right.push(...left.filter((_, x) => outcomes[x]?.status === 'pass').map(({ sizes }) => sizes));
    if (outcomes.length === 0 || outcomes.some((outcome) => outcome.status === 'failed' && outcome.verdict === 'timeout')) break;
    left = left.slice(outcomes.length);
  }
  return right.length > 0 ? right : undefined;
}

function smallestOf(failures: readonly FailedCase[]): FailedCase['value'][] {
  const size = ({ value }: FailedCase) => elementsOf(value.value.dims);
  return [...failures]
    .sort((a, b) => size(a) - size(b))
    .slice(0, MOST_FIRST)
    .map(({ value }) => value);
}

/** Worst failure by bound, or the first; undefined if it is the smallest case. */
function worstOf(failures: readonly FailedCase[], smallest: Case): WorstCase | undefined {
  const off = ({ failed }: FailedCase) => overBound(failed) ?? 0;
  const {
    value: { value: c },
    failed,
  } = failures.reduce((worst, other) => (off(other) > off(worst) ? other : worst));
  if (JSON.stringify(c) === JSON.stringify(smallest)) return undefined;
  const { hint: _, explanations: __, ...element } = elementOf(failed);
  return { case: c, ...element };
}
