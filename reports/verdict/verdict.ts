import { unjudgedClaims } from '../../spec/claims/unjudged-claims.js';
import { explanationText } from '../../spec/lib/explanation.js';
import { isCheckedByHand } from '../../spec/tensor/case-elements.js';
import type { Case, CheckResult, FailingCall, FailureTensors, KernelVerdict, Result, ShownTensors } from '../../spec/types/documents.js';
import type { ReportContext } from '../reporter.js';
import { type Cause, causesOf, countOf } from '../result/causes.js';
import { type CheckOutcome, declaredDialect, groupBy, outcomeOf } from '../result/result.js';
import { unsupportedReasons } from '../result/unsupported-reasons.js';
import { hasOwnCase } from '../text/describe-tensors.js';
import { commandOf, fileOf, replayLine } from '../text/replay-line.js';

const most = { causes: 8, examples: 3, reasons: 5, notRun: 16, kernels: 4, tensors: 3 } as const;

/** Makes the verdict on a result's kernels, with the smallest case of each cause. */
export function verdictOf(result: Result, context: ReportContext): KernelVerdict {
  const { checks } = result;
  const outcomes = groupBy(checks, outcomeOf);
  const of = (outcome: CheckOutcome) => outcomes.get(outcome)?.length ?? 0;
  const [passed, failed] = [of('pass'), of('failure') + of('unexpected-pass')];
  const notRun = checks.filter(({ verdict }) => verdict === 'not-run');
  // causes with a small case first, then by number of checks, then explained ones
  const causes = causesOf(checks)
    .filter(({ expected }) => !expected)
    .sort((a, b) => Number(isUnreduced(a)) - Number(isUnreduced(b)) || countOf(b) - countOf(a));
  const unjudged = unjudgedClaims(result);
  const isInconclusive =
    passed === 0 || unjudged.length > 0 || of('error') + notRun.length > 0 || result.adapters.some(({ unavailable }) => unavailable);
  const document: Omit<KernelVerdict, 'next'> = {
    format: 1,
    suite: result.suite,
    seed: result.seed,
    verdict: failed > 0 ? 'fail' : isInconclusive ? 'inconclusive' : 'pass',
    kernels: result.adapters.slice(0, most.kernels).map((adapter) => kernelOf(adapter, context)),
    checks: {
      planned: checks.length,
      passed,
      failed,
      expectedFailures: of('expected-failure'),
      unsupported: of('skipped') - notRun.length,
      inconclusive: of('error'),
      notRun: notRun.length,
      cases: checks.reduce((sum, { cases }) => sum + cases, 0),
    },
    causes: causes.slice(0, most.causes).map((cause, at) => causeOf(cause, context, at < most.tensors)),
    moreCauses: Math.max(0, causes.length - most.causes),
    ...unsupportedOf(checks),
    notRun: notRun.slice(0, most.notRun).map(({ id }) => id),
    moreNotRun: Math.max(0, notRun.length - most.notRun),
    ...(unjudged.length > 0 && { claimedNotJudged: unjudged.slice(0, most.notRun) }),
    ...closestOf(checks),
  };
  return { ...document, next: nextOf(document, context) };
}

/** Makes the verdict of a command that ended before any judgement. */
export function unjudged(suite: string, error: string, next: string): KernelVerdict {
  const none = { planned: 0, passed: 0, failed: 0, expectedFailures: 0, unsupported: 0, inconclusive: 0, notRun: 0, cases: 0 };
  return {
    format: 1,
    suite,
    seed: 0,
    verdict: 'inconclusive',
    error,
    kernels: [],
    checks: none,
    causes: [],
    moreCauses: 0,
    unsupported: [],
    notRun: [],
    next: { do: next },
  };
}

function kernelOf(
  { id, version, dialect, unavailable, capabilities }: Result['adapters'][number],
  { sources }: ReportContext,
): KernelVerdict['kernels'][number] {
  const own = declaredDialect(dialect);
  return {
    id,
    ...(Object.hasOwn(sources, id) && { source: sources[id] }),
    ...(version !== null && { version }),
    ...(own.length > 0 && { dialect: Object.fromEntries(own.map(([axis, { value }]) => [axis, value])) }),
    ...(capabilities?.numeric && { numeric: { ...capabilities.numeric } }),
    ...(unavailable && { unavailable: `${unavailable.reason}; ${unavailable.remedy}` }),
  };
}

function causeOf(cause: Cause, context: ReportContext, withTensors: boolean): KernelVerdict['causes'][number] {
  const { smallest, others, hint } = cause;
  const { adapter, id, verdict, class: failureClass, failure } = smallest;
  const place = failure && {
    output: failure.output,
    index: failure.index,
    expected: failure.expected,
    actual: failure.actual,
    bound: failure.bound,
  };
  return {
    title: titleOf(cause),
    ...(hint !== undefined && { hint }),
    ...(hint === undefined && failure?.explanations && { explanations: failure.explanations.map(explanationText) }),
    ...(failure?.where !== undefined && { where: failure.where }),
    ...(failure?.weights !== undefined && { weights: failure.weights }),
    verdict: verdict as 'fail',
    ...(failureClass !== undefined && { class: failureClass }),
    checks: countOf(cause),
    examples: [smallest, ...others].slice(0, most.examples).map((check) => check.id),
    ...(failure && { case: failure.case }),
    ...(failure?.passesWith && { passesWith: failure.passesWith }),
    ...(failure?.call && { call: callOf(failure.call, failure.case) }),
    ...(isUnreduced(cause) && { reduced: false }),
    ...(withTensors && failure?.tensors && tensorsOf(failure.tensors)),
    ...(place && Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined))),
    ...(failure?.folder && { replay: replayLine(adapter, failure.folder, context, { id, case: failure.case }) }),
  };
}

/** Returns the title of a cause, or its message if the title repeats the hint. */
function titleOf({ title, hint, smallest: { failure } }: Cause): string {
  const shown = failure?.message?.trim().split('\n', 1)[0];
  return hint?.startsWith(title) && shown ? shown : title;
}

/** Returns the call with the wrong output, with its case if it differs from `c`. */
function callOf(call: FailingCall, c: Case): KernelVerdict['causes'][number]['call'] {
  const { number, of, command } = call;
  return { number, of, command, ...(hasOwnCase(call, c) && { case: call.case }) };
}

function isUnreduced({ smallest: { failure } }: Cause): boolean {
  return failure !== undefined && (failure.shrunk ?? 0) === 0 && !isCheckedByHand(failure.case.dims);
}

function tensorsOf({ inputs, actual, expected }: FailureTensors): Pick<KernelVerdict['causes'][number], 'inputs' | 'outputs'> {
  const valuesOf = (shown: ShownTensors) =>
    Object.entries(shown).flatMap(([name, { shape, values }]) => (values ? [[name, { shape, values }] as const] : []));
  const given = valuesOf(inputs);
  if (given.length === 0 || given.length < Object.keys(inputs).length) return {};
  const wanted = new Map(valuesOf(expected));
  const outputs = valuesOf(actual).map(([name, { shape, values }]) => {
    const right = wanted.get(name)?.values;
    return [name, { shape, values, ...(right && { expected: right }) }] as const;
  });
  return { inputs: Object.fromEntries(given), ...(outputs.length > 0 && { outputs: Object.fromEntries(outputs) }) };
}

function unsupportedOf(checks: readonly CheckResult[]): Pick<KernelVerdict, 'unsupported' | 'moreUnsupported'> {
  const reasons = unsupportedReasons(checks).map(({ text, count }) => ({ reason: text, checks: count }));
  const more = reasons.slice(most.reasons).reduce((sum, { checks: count }) => sum + count, 0);
  return { unsupported: reasons.slice(0, most.reasons), moreUnsupported: more };
}

/** Returns the largest error ÷ bound of passed checks. */
function closestOf(checks: readonly CheckResult[]): Pick<KernelVerdict, 'closest'> {
  let closest: KernelVerdict['closest'];
  for (const { id, verdict, error = {} } of checks) {
    if (verdict !== 'pass') continue;
    for (const [output, { maxOverBound }] of Object.entries(error))
      if (typeof maxOverBound === 'number' && maxOverBound > (closest?.errorOverBound ?? -1))
        closest = { check: id, output, errorOverBound: maxOverBound };
  }
  return closest ? { closest } : {};
}

function nextOf(
  { verdict, causes, kernels, checks, notRun, claimedNotJudged }: Omit<KernelVerdict, 'next'>,
  context: ReportContext,
): KernelVerdict['next'] {
  const [first] = causes;
  const unavailable = kernels.find((kernel) => kernel.unavailable !== undefined);
  if (verdict === 'fail' && first)
    return {
      do:
        first.hint === undefined
          ? 'Fix the first cause; its replay command judges the failing case again.'
          : 'Fix the fault that the hint of the first cause names, then replay its failing case.',
      ...(first.replay !== undefined && { command: first.replay }),
    };
  if (verdict === 'fail') return { do: 'A known failure passes now: remove it from the expectations file (--update-expectations).' };
  if (unavailable) return { do: `The kernel ${unavailable.id} could not be judged: ${unavailable.unavailable}.` };
  if (notRun.length > 0)
    return {
      do: `${checks.notRun} checks were not run. Run the same command with --resume and a larger --time-limit: it continues in ${context.out}.`,
      ...(context.resume !== undefined && { command: context.resume }),
    };
  if (checks.inconclusive > 0)
    return {
      do: `The suite itself failed in ${checks.inconclusive} checks: see result.json in ${context.out}, and report it.`,
      command: `${commandOf(context)} report ${fileOf(context, 'result.json')}`,
    };
  if (claimedNotJudged)
    return { do: `The kernel claims features that no check judged: ${claimedNotJudged.join(', ')}. Use more --runs, or claim less.` };
  if (checks.passed === 0) return { do: 'Nothing was judged: see the reasons in "unsupported" and the claims of the kernel.' };
  return {
    do: 'Every check passed. Confirm it by a run with --runs 200 --seed random and without --time-limit, unless this was such a run.',
  };
}
