import { reference } from '../../dist/adapters/controls/reference/index.js';

const claims = {
  dtypes: ['f32'],
  operators: ['softmax'],
  masks: ['full', 'causal'],
  options: ['scale'],
  outputs: ['o', 'lse'],
  limits: { b: { max: 2 }, hk: { max: 2 }, g: [1], m: { max: 40 }, n: { max: 40 }, d: { max: 8 }, e: { max: 8 } },
};

/** Claims that leave a failure next to nothing to shrink: for kernels that cost a process each time they fail, from 20 keys on. */
export const small = { options: [], limits: { b: [1], hk: [1], g: [1], m: [19, 20], n: [19, 20], d: [4], e: [4] } };

/**
 * An adapter around the reference kernel.
 * @param forward is given the call and the right answer, and returns what the kernel answers.
 */
export function kernel(id, forward, capabilities = {}) {
  return {
    id,
    title: `Test kernel ${id}`,
    version: '1.0.0',
    capabilities: { ...claims, ...capabilities },
    async open() {
      const right = await reference.open();
      return {
        environment: { kernel: id },
        forward: async (call) => forward(call, () => right.forward(call)),
        async [Symbol.asyncDispose]() {},
      };
    },
  };
}
