import { hashOf, mix, nameHash } from '../../../spec/hash.js';
import { plainOperator } from '../../../spec/operators/plain.js';
import type { Codebook } from '../../../spec/oracle/codebook/codebook.js';
import type { Case } from '../../../spec/types/documents.js';
import { SHIFT, tableOf } from '../element.js';
import { scaleOf } from '../scale.js';
import { isOfSeveral } from '../targeted/one-sequence.js';
import { keyHeadOf } from '../targeted/signatures.js';
import type { WholeDims } from '../whole-dims.js';

/** Vectors of a head, which its keys or queries are drawn from. */
const CLASSES = 16;

/** Deviation of the scores: some classes weigh a thousand times what others do. */
const SPREAD = 2;

/** Tells whether the oracle can take the keys of a class together: scores have no other terms. */
export function hasCodebook(c: Case): boolean {
  const { operator, options, dims, block, parallel } = c;
  if (operator !== plainOperator.name || block || parallel || isOfSeveral(c)) return false;
  return !['alibi', 'bias', 'sink', 'softcap'].some((name) => options[name]) && dims.d > 0;
}

/** Tells whether the inputs of a case are drawn from a few vectors. */
export function isCodebook(c: Case): boolean {
  return c.values.distribution === 'codebook' && hasCodebook(c);
}

/** Writes the vector of each query's or key's class into it, in place: normal, those of queries such that the scores' deviation is the same for every scale and size. */
export function writeClasses(c: Case, dims: WholeDims, name: string, data: Float64Array): void {
  if (name !== 'q' && name !== 'k') return;
  const { d } = dims;
  const length = name === 'q' ? dims.m : dims.n;
  const factor = name === 'q' ? SPREAD / (Math.abs(scaleOf(c)) * Math.sqrt(d)) : 1;
  const table = tableOf('normal');
  for (const [row, own] of classesOf(c, dims, name).entries()) {
    const vector = hashOf(c.values.seed, nameHash(name), 71, Math.floor(row / length), own);
    for (let x = 0; x < d; x++) data[row * d + x] = factor * table[mix(vector + Math.imul(x, 0x9e3779b9)) >>> SHIFT];
  }
}

/** The class of each query [b, hk·g, m], or of each key [b, hk, n]. */
function classesOf({ values }: Case, { b, hk, heads, m, n }: WholeDims, name: 'q' | 'k'): Uint8Array {
  const classes = new Uint8Array(name === 'q' ? b * heads * m : b * hk * n);
  const base = hashOf(values.seed, nameHash(name), 72);
  for (let row = 0; row < classes.length; row++) classes[row] = mix(base + Math.imul(row, 0x9e3779b9)) % CLASSES;
  return classes;
}

/** The classes that the oracle sums by. */
export function codebookOf(c: Case, dims: WholeDims): Codebook {
  const { b, hk, heads } = dims;
  return {
    classes: CLASSES,
    ofRow: classesOf(c, dims, 'q'),
    ofKey: classesOf(c, dims, 'k'),
    keyHead: Int32Array.from({ length: b * heads }, (_, head) => Math.floor(head / heads) * hk + keyHeadOf(c, dims, head % heads)),
  };
}
