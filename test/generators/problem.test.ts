import { expect, it } from 'vitest';
import { problemOf } from '../../generators/problem.js';
import { Claims } from '../../spec/claims/claims.js';
import type { Case } from '../../spec/types/documents.js';
import { capable, library } from './capable.js';

const claims = Claims.of(library, capable());
const on = (scheme: string, ranks: number): Case => ({
  operator: 'softmax',
  dims: { b: 1, hk: 1, g: 1, m: 6, n: 6, d: 2, e: 2 },
  mask: { name: 'full' },
  options: {},
  dtype: 'f16',
  layout: 'bhld',
  values: { distribution: 'normal', seed: 0 },
  parallel: { scheme, ranks },
});

it.each([
  ['ring', 1, 1],
  ['ring', 4, 8],
  // text and image are computed apart on one rank too, and their gradients are stored in float16 before they are added
  ['ring-joint', 1, 2],
  ['ring-joint', 4, 8],
])('results over the keys of %s on %d ranks come in %d parts', (scheme, ranks, parts) => {
  expect(problemOf(claims, on(scheme, ranks)).numeric.parts).toBe(parts);
});
