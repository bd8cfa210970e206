import { sizeOf } from '../../../spec/tensor/tensor.js';
import { type Algorithm, tileKeys } from './capabilities.js';
import type { DeviceProblem } from './device-problem.js';
import type { BufferName, Shader } from './shader.js';
import { backwardAlibi, backwardBias, backwardDelta, backwardSink } from './shaders/backward.js';
import { flashKeyValue, flashQuery } from './shaders/backward-flash.js';
import { naiveCells, naiveKey, naiveQuery, naiveValue } from './shaders/backward-naive.js';
import { flatSize, tile } from './shaders/common.js';
import { flashForward } from './shaders/flash.js';
import { naiveOutput, naiveScores, naiveSoftmax } from './shaders/naive.js';
import { splitKvMerge, splitKvPartials } from './shaders/split-kv.js';

interface Step {
  readonly shader: Shader;
  readonly workgroups: number;
}

type Sizes = ReadonlyMap<BufferName, number>;

export interface Schedule {
  readonly steps: readonly Step[];
  readonly sizes: Sizes;
}

const mostSplits = 64;

/** Splits the keys into whole tiles. */
export function splitOf(n: number): { readonly splits: number; readonly split_keys: number } {
  const keys = Math.ceil(n / mostSplits / tileKeys['split-kv']) * tileKeys['split-kv'];
  return { splits: Math.ceil(n / keys), split_keys: keys };
}

/** Schedules o and lse. */
export function forwardSchedule(algorithm: Algorithm, problem: DeviceProblem): Schedule {
  const { rows } = problem;
  const { b, hk, g, m, n, e, splits } = problem.parameters;
  const outputs: [BufferName, number][] = [
    ['o', rows * e * elementBytes(problem)],
    ['lse', rows * 4],
  ];
  switch (algorithm) {
    case 'naive':
      return {
        steps: [flat(naiveScores, rows * n), flat(naiveSoftmax, rows), flat(naiveOutput, rows * e)],
        sizes: new Map([...outputs, ['scores', rows * n * 4], ['sums', rows * 4]]),
      };
    case 'flash':
      return { steps: [{ shader: flashForward, workgroups: b * hk * Math.ceil((g * m) / tile) }], sizes: new Map(outputs) };
    case 'split-kv':
      return {
        steps: [{ shader: splitKvPartials, workgroups: rows * splits }, flat(splitKvMerge, rows * e)],
        sizes: new Map([...outputs, ['partial_o', rows * splits * e * 4], ['partial_stats', rows * splits * 8]]),
      };
  }
}

/** Schedules gradients from o and lse, with sink, bias and alibi if the case has them. */
export function backwardSchedule(
  algorithm: Algorithm,
  problem: DeviceProblem,
  options: { sink: boolean; bias: boolean; alibi: boolean },
): Schedule {
  const { rows, heads } = problem;
  const { b, hk, g, m, n, d, e } = problem.parameters;
  const bytes = elementBytes(problem);
  const bias = problem.tensors.bias ? sizeOf(problem.tensors.bias.shape) : 0;
  const sizes = new Map<BufferName, number>([
    ['dq', rows * d * bytes],
    ['dk', b * hk * n * d * bytes],
    ['dv', b * hk * n * e * bytes],
    ['row_stats', rows * 8],
  ]);
  const steps = [flat(backwardDelta, rows)];
  if (algorithm === 'flash') {
    steps.push(
      { shader: flashQuery, workgroups: b * hk * Math.ceil((g * m) / tile) },
      { shader: flashKeyValue, workgroups: b * hk * Math.ceil(n / tile) },
    );
  } else {
    sizes.set('weights', rows * n * 4).set('gradients', rows * n * 4);
    steps.push(flat(naiveCells, rows * n), flat(naiveQuery, rows * d), flat(naiveKey, b * hk * n * d), flat(naiveValue, b * hk * n * e));
  }
  if (options.sink) {
    sizes.set('dsink', heads * 4);
    steps.push({ shader: backwardSink, workgroups: heads });
  }
  if (options.bias) {
    sizes.set('dbias', bias * 4);
    steps.push(flat(backwardBias, bias));
  }
  if (options.alibi) {
    sizes.set('dalibi', heads * 4);
    steps.push({ shader: backwardAlibi, workgroups: heads });
  }
  return { steps, sizes };
}

function flat(shader: Shader, threads: number): Step {
  return { shader, workgroups: Math.ceil(threads / flatSize) };
}

function elementBytes({ dtype }: DeviceProblem): number {
  return dtype === 'f16' ? 2 : 4;
}
