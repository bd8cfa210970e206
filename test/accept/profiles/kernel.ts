import type { Arithmetic } from '../../../adapters/controls/reference/arithmetic/arithmetic.js';
import { type Rounding, rounding } from '../../../adapters/controls/reference/arithmetic/rounding.js';
import { broadcast, cell } from '../../../adapters/controls/reference/problem/broadcast.js';
import type { SoftmaxProblem } from '../../../adapters/controls/reference/problem/softmax-problem.js';
import { softmaxBackward } from '../../../adapters/controls/reference/softmax/backward.js';
import type { SoftmaxForward } from '../../../adapters/controls/reference/softmax/softmax-forward.js';
import { type Steps, standardSteps } from '../../../adapters/controls/reference/steps/steps.js';
import type { Problem } from '../../../spec/problem.js';
import { rowMajor, type Tensors, tensorOf } from '../../../spec/tensor/tensor.js';
import type { Float64Tensor } from '../../../spec/tensor/tensor-rows.js';
import type { Case } from '../../../spec/types/documents.js';

import { nearest, type Rounder } from './rounders.js';

/** Rounding and algorithm of a simulated kernel. */
export interface Simulation {
  readonly forward: SoftmaxForward;
  readonly rounding: Rounding;
  /** Rounding of a number that is stored; by default to the nearest number of the case's dtype. */
  readonly store?: Rounder;
  /** Conversion of an input element when it is read; by default none. */
  readonly read?: Rounder;
  /** True if P and dS are stored before their products. */
  readonly stores: boolean;
  /** Rounding of P and dS when they are stored, if it differs from `store`. */
  readonly rounded?: Rounder;
  readonly steps?: Partial<Steps>;
  /** True if q is multiplied by the scale and stored before its products. */
  readonly prescales?: boolean;
  /** Operations of the accumulator that do not follow from its rounding. */
  readonly arithmetic?: Partial<Arithmetic>;
}

/** Outputs of both passes of a simulated kernel on a problem with cotangents, whose inputs are as stored. */
export interface SimulatedOutputs {
  readonly forward: Tensors;
  readonly backward: Tensors;
}

export function simulate(problem: Problem, simulation: Simulation): SimulatedOutputs {
  const { dtype, dims } = problem.case;
  const store = simulation.store ?? nearest(dtype);
  const p = softmaxProblemOf(problem, simulation, store);
  const steps: Steps = {
    ...standardSteps,
    visible: ({ bias }, b, h, i, j) =>
      problem.mask.visible(b, h, i, j) && (bias === undefined || bias.values[cell(bias.at, b, h, i, j)] !== -Infinity),
    // dk is of the scaled q already; dq still lacks the scale
    ...(simulation.prescales && {
      scaleQueryGradient: ({ arithmetic }, dq) => arithmetic.multiply(dq, 0, dq.length, arithmetic.round(scaleOf(problem.case))),
    }),
    ...simulation.steps,
  };
  const { o, lse } = simulation.forward(p, steps);
  const read = reader(simulation);
  const stored = { o: o.map(store), lse: lse.map(Math.fround) };
  const cotangents = { dO: read(problem.inputs.do), dlse: problem.inputs.dlse?.data };
  const { dq, dk, dv, dsink, dalibi, dbias } = softmaxBackward(p, steps, stored, cotangents);
  const save = (shape: readonly number[], values: Float64Array) => tensorOf(dtype, shape, values.map(store));
  const { q, k, v, sink, alibi, bias } = problem.inputs;
  const backward: Tensors = { dq: save(q.shape, dq), dk: save(k.shape, dk), dv: save(v.shape, dv) };
  if (dsink) backward.dsink = save(sink.shape, dsink);
  if (dalibi) backward.dalibi = save(alibi.shape, dalibi);
  if (dbias) backward.dbias = save(bias.shape, dbias);
  const rows = [dims.b, p.heads, p.m];
  return { forward: { o: tensorOf(dtype, [...rows, p.e], stored.o), lse: tensorOf('f32', rows, stored.lse) }, backward };
}

function reader({ read }: Simulation): (x: Float64Tensor) => Float64Array {
  return ({ data }) => (read ? data.map(read) : data);
}

function softmaxProblemOf({ case: c, inputs, mask }: Problem, simulation: Simulation, store: Rounder): SoftmaxProblem {
  const { b, hk, g, m, n, d, e } = c.dims;
  const { softcap } = c.options;
  const between = simulation.rounded ?? store;
  const arithmetic = { ...rounding(simulation.rounding), ...simulation.arithmetic };
  const factor = arithmetic.round(scaleOf(c));
  const read = reader(simulation);
  const q = read(inputs.q);
  const { bias } = inputs;
  return {
    arithmetic,
    store: (x, at, count) => {
      if (simulation.stores) for (let t = at; t < at + count; t++) x[t] = between(x[t]);
    },
    b,
    heads: hk * g,
    hk,
    g,
    m: mask.m,
    n: mask.n,
    d,
    e,
    q: simulation.prescales ? q.map((x) => store(x * factor)) : q,
    k: read(inputs.k),
    v: read(inputs.v),
    scale: simulation.prescales ? 1 : factor,
    softcap: typeof softcap === 'number' ? softcap : 0,
    offset: n - m,
    left: -1,
    right: -1,
    bias: bias && { values: read(bias), at: broadcast({ shape: bias.shape, strides: rowMajor(bias.shape), offset: 0 }) },
    alibi: inputs.alibi && read(inputs.alibi),
    sink: inputs.sink && read(inputs.sink),
  };
}

function scaleOf({ options: { scale }, dims }: Case): number {
  return typeof scale === 'number' ? scale : 1 / Math.sqrt(dims.d);
}
