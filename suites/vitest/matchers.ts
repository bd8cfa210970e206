import { expect } from 'vitest';
import { type AttentionCall, explainAttention, type TensorLike } from '../expected/assert-attention.js';

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: the declaration that this one joins has it
  interface Matchers<T = any> {
    /** Every element of the outputs lies within its error bound: `expect(o).toMatchAttention({ q, k, v, mask: 'causal' })`. */
    toMatchAttention(call: AttentionCall): T;
  }
}

expect.extend({
  toMatchAttention(outputs: TensorLike | Readonly<Record<string, TensorLike>>, call: AttentionCall) {
    const { passed, text } = explainAttention(outputs, call);
    return { pass: passed, message: () => text };
  },
});
