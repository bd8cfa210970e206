import { ownOf } from '../../../spec/claims/adapter-scheme.js';
import { isStreamed } from '../../../spec/oracle/softmax-form.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import type { Operator } from '../../../spec/types/documents.js';
import type { JudgeContext, Judgement, Property } from '../../contract/property.js';
import { toText } from '../../judging/json-number.js';
import { judgeCall } from '../lib/compare-call.js';
import { firstFailure } from '../lib/first-failure.js';
import { bothPasses } from '../lib/parallel.js';

/** Targets follow from positions: each rank's rows are judged by their target keys alone. */
export const longSingleDevice: Property = {
  name: 'long-single-device',
  title: 'over long sequences output, LSE and gradients are those of a single device',
  perMask: false,
  perFeature: false,
  perScheme: true,
  cases: 4,
  needs: { targeted: true, distributions: ['targeted', 'targeted', 'counted'], limits: { d: { min: 28 } } },
  unsupported: () => undefined,
  // P = 1/count is inexact: counted inputs have no exact gradients
  calls: (c, { capabilities }) => (c.values.distribution === 'counted' ? [{ command: 'forward', case: c }] : bothPasses(c, capabilities)),
  judge: (context) => firstFailure(context.calls.keys(), (call) => judgeCall(context, call)),
};

/** Ranks together give one device's result: within the bound, and o of one-hot rows to the bit. */
export const singleDevice: Property = {
  name: 'single-device',
  title: 'output, LSE and gradients are those of a single device',
  perMask: true,
  perFeature: false,
  perScheme: true,
  bounded: true,
  needs: { gradients: true, oneHot: true },
  cases: 12,
  unsupported: () => undefined,
  calls: (c, claims) => {
    const { parallel: _, ...alone } = c;
    return [...bothPasses(c, claims.capabilities), ...(asksOneDevice(c, claims) ? [{ command: 'forward', case: alone } as const] : [])];
  },
  judge: (context) => {
    const onRanks = [...context.calls.keys()].filter((call) => context.calls[call].case.parallel);
    const judgement = firstFailure(onRanks, (call) => judgeCall(context, call));
    if (judgement.status !== 'pass') return judgement;
    return asksOneDevice(context.case, context.claims) ? sameRows(context) : judgement;
  },
};

/**
 * True for softmax attention in a built-in scheme if one score is so high that o is exactly its row
 * of v in any split: the case also runs on one device, to compare bits.
 */
function asksOneDevice(...[{ operator, values, options }, claims]: Parameters<Property['calls']>): boolean {
  if (ownOf(claims.capabilities) || !isStreamed(claims.operator(operator) as Operator)) return false;
  return values.distribution === 'one-hot' && options.softcap === undefined && options.sink === undefined && options.scale === undefined;
}

function sameRows({ case: c, calls, results, expectation, problem }: JudgeContext): Judgement {
  const { inputs } = problem(c);
  const [many, one] = [results[0].o, results[calls.length - 1].o].map(valuesOf);
  const { value } = expectation(c, false).outputs.o;
  const { e, m } = c.dims;
  const heads = c.dims.hk * c.dims.g;
  for (let at = 0; at < many.length; at++) {
    const row = Math.floor(at / e);
    if (Object.is(many[at], one[at]) || !isRowOfV(value.subarray(row * e, (row + 1) * e), inputs.v.data)) continue;
    const index = [Math.floor(row / m / heads), Math.floor(row / m) % heads, row % m, at % e];
    return {
      status: 'fail',
      class: 'single-device',
      output: 'o',
      index,
      expected: one[at],
      actual: many[at],
      call: 0,
      message: `o[${index.join(', ')}] is ${toText(many[at])} on ${c.parallel?.ranks} ranks and ${toText(one[at])} on one, and one key has all the weight`,
    };
  }
  return { status: 'pass' };
}

function isRowOfV(row: Float64Array, v: Float64Array): boolean {
  for (let at = 0; at < v.length; at += row.length) if (row.every((x, c) => x === v[at + c])) return true;
  return false;
}
