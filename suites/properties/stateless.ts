import { excludedBy, type FullCapabilities } from '../../adapters/capabilities.js';
import type { Case } from '../../spec/types/documents.js';
import { identical, sameBits } from './bits.js';
import { judgeCall } from './compare-call.js';
import { firstFailure } from './first-failure.js';
import { claimsBackward } from './gradient.js';
import { otherShape } from './other-shape.js';
import type { CallSpec, FailJudgement, JudgeContext, Judgement, Property } from './property.js';

/** One of the calls; `again`: which earlier one had the same inputs. */
interface Step extends CallSpec {
  readonly again?: number;
}

/**
 * Calls in a row, on one kernel: a case; other values in the same buffers; the case again; one far element changed; another shape; the case
 * again. Calls with the same inputs agree, to the bit where that is claimed; the others are held to the oracle.
 * The backward pass, where it is claimed: the case, other values, the case again.
 */
export const stateless: Property = {
  name: 'stateless',
  title: 'a call depends on its inputs alone, not on the calls before it',
  perMask: false,
  perFeature: false,
  needs: { calls: 8, passes: 12 },
  unsupported: () => undefined,
  calls: (c, capabilities) => stepsOf(c, capabilities).map(({ command, case: subject }) => ({ command, case: subject })),
  judge: (context) => {
    const steps = stepsOf(context.case, context.capabilities);
    return firstFailure(steps.entries(), ([call, { again }]) =>
      again === undefined ? judgeFirst(context, steps, call) : judgeAgain(context, again, call),
    );
  },
};

function stepsOf(c: Case, capabilities: FullCapabilities): Step[] {
  const other: Case = { ...c, values: { ...c.values, seed: c.values.seed + 1 } };
  const far: Case = { ...c, values: { ...c.values, changed: true } };
  const shape = otherShape(c, capabilities);
  const forward: Step[] = [c, other, c, far, ...(shape ? [shape] : []), c].map((subject, call) => ({
    command: 'forward',
    case: subject,
    ...(subject === c && call > 0 && { again: 0 }),
  }));
  if (!claimsBackward(capabilities) || excludedBy(capabilities, c, true)) return forward;
  const first = forward.length;
  return [
    ...forward,
    { command: 'backward', case: c },
    { command: 'backward', case: other },
    { command: 'backward', case: c, again: first },
  ];
}

/** Inputs that were not seen before: right, and not what another call with the same shape gave. Gradients are for `gradient` to judge, but for those. */
function judgeFirst(context: JudgeContext, steps: readonly Step[], call: number): Judgement {
  const { command } = steps[call];
  const before = steps.findIndex((step) => step.command === command);
  const stale = call > before && sameOutputs(context, before, call);
  if (command === 'backward' && !stale) return { status: 'pass' };
  const judgement = judgeCall(context, call);
  if (judgement.status !== 'fail' || !stale || judgeCall(context, before).status === 'fail') return judgement;
  return asStateful(
    judgement,
    `call ${call + 1} gives the output of call ${before + 1}, which had other inputs: ${judgement.message}`,
    STALE,
  );
}

function sameOutputs({ results, calls }: JudgeContext, a: number, b: number): boolean {
  const sizes = (call: number) => JSON.stringify(calls[call].case.dims);
  return sizes(a) === sizes(b) && identical(results[a], results[b]);
}

/** Inputs that were seen before: the same bits, or where they need not be the same, right. */
function judgeAgain(context: JudgeContext, first: number, call: number): Judgement {
  const { results, calls, capabilities } = context;
  if (capabilities.deterministic[calls[call].command]) {
    const failure = sameBits(results[first], results[call], {
      class: 'stateless',
      call,
      describe: (place, before, after) =>
        `${place} is ${before} in call ${first + 1} and ${after} in call ${call + 1}, with the same inputs`,
    });
    return failure ?? { status: 'pass' };
  }
  if (identical(results[first], results[call])) return { status: 'pass' };
  const again = judgeCall(context, call);
  if (again.status !== 'fail' || judgeCall(context, first).status === 'fail') return { status: 'pass' };
  return asStateful(again, `call ${first + 1} is right, and call ${call + 1} with the same inputs is not: ${again.message}`, KEPT);
}

const STALE = 'its output is kept from an earlier call: it goes by the shape, by the address or by a few elements of its inputs';
const KEPT = 'something is kept between calls: a workspace that is not cleared, or an answer that depends on how many calls there were';

function asStateful(judgement: FailJudgement, message: string, hint: string): FailJudgement {
  const { diagnosis: _, ...failure } = judgement;
  return { ...failure, class: 'stateless', message, hint };
}
