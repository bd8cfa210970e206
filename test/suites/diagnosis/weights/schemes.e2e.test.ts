import { expect, it } from 'vitest';
import { schemeFailure } from '../scheme-failure.js';

it.each([
  ['magi-cast-as-if-causal', 'magi', /^query 0: key 0 of 2 has [\d.]+ times its weight, key 1 of 2 has no weight; their sum is right$/],
  ['ring-remainder-dropped', 'ring', /^query 0: the only key has no weight; together 0, not 1$/],
  [
    'ulysses-replica-gradients-dropped',
    'ulysses',
    /^in the backward pass, as dv shows, query 0 of head 1: the only key has no weight; together 0/,
  ],
])('the weights of ranks together are read of a scheme: %s', async (id, scheme, text) => {
  expect((await schemeFailure(id, `softmax/any/any-world/f32@${scheme}`))?.weights).toMatch(text);
});
