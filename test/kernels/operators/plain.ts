import type { Adapter } from '../../../adapters/adapter.js';
import type { Call, Kernel } from '../../../adapters/kernel.js';
import { agent } from './agent.js';
import { contextBroadcasting } from './context-broadcasting.js';
import { differential } from './differential.js';
import { fastmax2 } from './fastmax-2.js';
import type { PlainOperator, Results } from './operator.js';
import { problemOf } from './problem.js';
import { relational } from './relational.js';
import { slot } from './slot.js';
import { softpag } from './softpag.js';
import { talkingHeads } from './talking-heads.js';

const operators: Readonly<Record<string, PlainOperator>> = {
  'fastmax-2': fastmax2,
  agent,
  'talking-heads': talkingHeads,
  differential,
  relational,
  slot,
  softpag,
  'context-broadcasting': contextBroadcasting,
};

export const plainOperators = Object.keys(operators);

export const plainCapabilities: Adapter['capabilities'] = {
  dtypes: ['f32'],
  operators: plainOperators,
  masks: ['full', 'causal'],
  denseMask: 'boolean',
  options: ['denum', 'scale', 'keyBias', 'agentBias', 'relationScale', 'eps', 'u'],
  outputs: ['o', 'lse'],
  gradients: ['q', 'k', 'v'],
  excludes: plainOperators.filter((operator) => !operators[operator].backward).map((operator) => ({ operator, gradients: true })),
};

/** Operators written from their formulas, every step rounded to float32. @param wrong the operator that has its fault. */
export function plainKernel(wrong?: string): Kernel {
  const answer = (pass: 'forward' | 'backward') => async (call: Call) => {
    const { operator } = call.case;
    const run = operators[operator][pass];
    if (!run) throw new Error(`${operator} has no ${pass} pass`);
    return tensors(run(problemOf(call), operator === wrong));
  };
  return { environment: {}, forward: answer('forward'), backward: answer('backward'), [Symbol.asyncDispose]: async () => {} };
}

function tensors(results: Results): Awaited<ReturnType<Kernel['forward']>> {
  return Object.fromEntries(
    Object.entries(results).map(([name, { shape, values }]) => {
      const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((x, y) => x * y, 1));
      return [name, { dtype: 'f32' as const, shape, strides, offset: 0, data: Float32Array.from(values) }];
    }),
  );
}

export default {
  id: 'plain',
  title: 'Operators in plain loops',
  capabilities: plainCapabilities,
  open: async () => plainKernel(process.env.ATTN_PLAIN_FAULT),
} satisfies Adapter;
