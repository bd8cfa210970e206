import { memoised } from '../../../spec/lib/memoised.js';
import type { Numbers } from '../reference/arithmetic/arithmetic.js';
import type { SoftmaxProblem } from '../reference/problem/softmax-problem.js';
import { listKeys } from '../reference/softmax/list-keys.js';
import { online } from '../reference/softmax/online.js';
import { scoreRow } from '../reference/softmax/score-row.js';
import type { SoftmaxForward } from '../reference/softmax/softmax-forward.js';
import { createRow, placeRow, type Row } from '../reference/steps/row.js';
import { addAlibi, addBias, cap, defaultScale, distance } from '../reference/steps/scores.js';
import { mutantsOf } from './lib/mutant.js';
import { withoutOption } from './lib/options.js';

const scaledBias = memoised((p: SoftmaxProblem) => {
  const { values, ...bias } = p.bias as NonNullable<SoftmaxProblem['bias']>;
  return { ...bias, values: values.map((x) => p.arithmetic.round(x * defaultScale(p))) };
});

export const scoreAlgebraMutants = mutantsOf('Score algebra', [
  {
    id: 'softmax-over-queries',
    title: 'the softmax runs over the queries in place of the keys',
    imitates: 'softmax(scores, dim=-2) in place of dim=-1',
    fault: { forward: overQueries },
  },
  {
    id: 'scale-from-padded-size',
    title: 'the default scale comes from the head size padded to 8',
    imitates: 'https://github.com/intel/ipex-llm/pull/12619',
    fault: { steps: { defaultScale: (p) => 1 / Math.sqrt(Math.ceil(p.d / 8) * 8) } },
  },
  {
    id: 'scale-ignored',
    title: 'a given scale is ignored',
    imitates: 'https://github.com/bo-ke/llm-internal-medicine/pull/47',
    fault: { call: (call) => withoutOption(call, 'scale') },
  },
  {
    id: 'scale-missing-by-default',
    title: 'without an explicit scale no scale is applied',
    imitates: 'https://github.com/SKaiNET-developers/SKaiNET/pull/880',
    fault: { steps: { defaultScale: () => 1 } },
  },
  {
    id: 'softcap-ignored',
    title: 'the softcap is ignored',
    imitates: 'https://github.com/sgl-project/sglang/issues/33915',
    fault: { call: (call) => withoutOption(call, 'softcap') },
  },
  {
    id: 'softcap-clips',
    title: 'scores are clamped at the softcap instead of bent by tanh',
    imitates: 'a softcap implemented as a clamp',
    fault: {
      steps: {
        cap: (p, row) => {
          const { scores, slopes, count } = row;
          for (let t = 0; t < count; t++) {
            slopes[t] = Math.abs(scores[t]) < p.softcap ? 1 : 0;
            scores[t] = Math.max(-p.softcap, Math.min(p.softcap, scores[t]));
          }
        },
      },
    },
  },
  {
    id: 'softcap-after-bias',
    title: 'the softcap comes after ALiBi and the bias',
    imitates: 'implementations that cap the final scores; in the specification ALiBi and the bias are added after the cap',
    fault: {
      steps: {
        cap: (p, row) => {
          if (!p.alibi && !p.bias) cap(p, row);
        },
        addAlibi: (p, row, slopes) => {
          addAlibi(p, row, slopes);
          if (p.softcap !== 0 && !p.bias) cap(p, row);
        },
        addBias: (p, row, bias) => {
          addBias(p, row, bias);
          if (p.softcap !== 0) cap(p, row);
        },
      },
    },
  },
  {
    id: 'softcap-overflows',
    title: 'tanh is a quotient of exponentials that overflow',
    imitates: 'https://github.com/vllm-project/vllm/issues/56578',
    fault: {
      steps: {
        cap: (p, row) => {
          const overflow = row.scores.map((score) => (Number.isFinite(Math.fround(Math.exp(Math.abs(score / p.softcap)))) ? 0 : NaN));
          cap(p, row);
          for (let t = 0; t < row.count; t++) row.scores[t] += overflow[t];
        },
      },
    },
  },
  {
    id: 'alibi-sign',
    title: 'ALiBi favours distant keys',
    imitates: 'https://github.com/meta-pytorch/attention-gym/pull/86',
    fault: { steps: { addAlibi: (p, row, slopes) => addDistances(p, row, slopes, (x) => -x) } },
  },
  {
    id: 'alibi-symmetric',
    title: 'ALiBi takes the absolute distance',
    imitates: 'https://github.com/Dao-AILab/flash-attention/pull/540',
    fault: { steps: { addAlibi: (p, row, slopes) => addDistances(p, row, slopes, (x) => -Math.abs(x)) } },
  },
  {
    id: 'alibi-one-off',
    title: 'ALiBi counts distances from the key after the query',
    imitates: 'https://github.com/vllm-project/vllm/pull/945',
    fault: { steps: { addAlibi: (p, row, slopes) => addDistances(p, row, slopes, (x) => x - 1) } },
  },
  {
    id: 'bias-scaled',
    title: 'the bias is multiplied by the scale',
    imitates: 'https://github.com/tenstorrent/tt-metal/pull/56406',
    fault: {
      steps: {
        addBias: (p, row) => addBias(p, row, scaledBias(p)),
      },
    },
  },
  {
    id: 'bias-of-first-entry',
    title: 'every batch entry has the bias of the first',
    imitates: 'https://github.com/huggingface/candle/pull/1920',
    fault: { steps: { addBias: (p, row, bias) => addBias(p, row, { ...bias, at: { ...bias.at, b: 0 } }) } },
  },
  {
    id: 'sink-ignored',
    title: 'the sink is ignored',
    imitates: 'https://github.com/modular/modular/pull/6591',
    fault: { call: (call) => withoutOption(call, 'sink') },
  },
  {
    id: 'sink-of-maximum-0',
    title: "the sink is added as exp(sink), whatever the row's maximum",
    imitates: 'https://github.com/pytorch/torchtitan/pull/2211',
    fault: {
      steps: {
        addSink: (a, row, sink) => {
          row.sum = a.round(row.sum + a.round(Math.exp(sink)));
        },
      },
    },
  },
  {
    id: 'sink-not-in-maximum',
    title: 'the sink is no part of the joint maximum: its exponential overflows',
    imitates: 'https://github.com/NVIDIA/TensorRT-LLM/pull/19220',
    fault: {
      steps: {
        addSink: (a, row, sink) => {
          row.sum = a.round(row.sum + a.round(Math.exp(a.round(sink - row.max))));
        },
      },
    },
  },
  {
    id: 'sink-twice',
    title: 'the sink is counted twice',
    imitates: 'https://github.com/ROCm/rocm-libraries/pull/12229',
    fault: {
      steps: {
        addSink: (a, row, sink, o, at, e, rescale) => {
          rescale(a, row, Math.max(row.max, sink), o, at, e);
          row.sum = a.round(row.sum + 2 * a.round(Math.exp(a.round(sink - row.max))));
        },
      },
    },
  },
]);

function addDistances(p: SoftmaxProblem, { h, i, keys, count, scores }: Row, slopes: Numbers, of: (distance: number) => number): void {
  const { round } = p.arithmetic;
  for (let t = 0; t < count; t++) scores[t] = round(scores[t] + round(slopes[h] * of(distance(p, i, keys[t]))));
}

/** Normalises weights over the queries of each key. The LSE is correct. */
function overQueries(...[p, steps]: Parameters<SoftmaxForward>): ReturnType<SoftmaxForward> {
  const { o, lse } = online(p, steps);
  const sums = new Float64Array(p.b * p.heads * p.n);
  const row = createRow(p.n);
  const each = (weigh: (r: number, at: number) => void) => {
    for (let r = 0; r < lse.length; r++) {
      placeRow(p, row, r);
      listKeys(p, steps, row, steps.firstKey(p, row.i), steps.endKey(p, row.i));
      scoreRow(p, steps, row);
      weigh(r, (row.b * p.heads + row.h) * p.n);
    }
  };
  each((_, at) => {
    for (let t = 0; t < row.count; t++) sums[at + row.keys[t]] += Math.exp(row.scores[t]);
  });
  o.fill(0);
  each((r, at) => {
    for (let t = 0; t < row.count; t++) row.scores[t] = Math.exp(row.scores[t]) / sums[at + row.keys[t]];
    p.arithmetic.combine(row.scores, row.keys, row.count, p.v, (row.b * p.hk + steps.keyHead(p, row.h)) * p.n * p.e, p.e, o, r * p.e);
  });
  return { o, lse };
}
