import { hashOf, mix, nameHash } from '../../../spec/lib/hash.js';
import { plainOperator } from '../../../spec/operators/plain.js';
import type { Codebook } from '../../../spec/problem.js';
import type { Case } from '../../../spec/types/documents.js';
import type { RowWriter } from '../draw-rows.js';
import { SHIFT, tableOf } from '../element.js';
import { scaleOf } from '../scale.js';
import { isOfSeveral } from '../targeted/one-sequence.js';
import { keyHeadOf } from '../targeted/signatures.js';
import type { WholeDims } from '../whole-dims.js';

/** Number of vectors per head that its keys or queries are drawn from. */
const CLASSES = 16;

/** Deviation of the scores: some classes weigh a thousand times as much as other classes. */
const SPREAD = 2;

/** True if the oracle can sum keys by class: scores have no terms beside q·k. */
export function hasCodebook(c: Case): boolean {
  const { operator, options, dims, block, parallel } = c;
  if (operator !== plainOperator.name || block || parallel || isOfSeveral(c)) return false;
  return !['alibi', 'bias', 'sink', 'softcap'].some((name) => options[name]) && dims.d > 0;
}

/** True if the inputs of a case are drawn from a few vectors. */
export function isCodebook(c: Case): boolean {
  return c.values.distribution === 'codebook' && hasCodebook(c);
}

/** Writer of class vectors into q or k, scaled to the same deviation of scores in every case. */
export function classWriter(c: Case, { m, n, d }: WholeDims, name: string): RowWriter | undefined {
  if (name !== 'q' && name !== 'k') return undefined;
  const length = name === 'q' ? m : n;
  const factor = name === 'q' ? SPREAD / (Math.abs(scaleOf(c)) * Math.sqrt(d)) : 1;
  const table = tableOf('normal');
  const classOf = classOfRow(c, name);
  return (first, count, out, to) => {
    for (let r = 0; r < count; r++) {
      const row = first + r;
      const vector = hashOf(c.values.seed, nameHash(name), 71, Math.floor(row / length), classOf(row));
      for (let x = 0; x < d; x++) out[to + r * d + x] = factor * table[mix(vector + Math.imul(x, 0x9e3779b9)) >>> SHIFT];
    }
  };
}

/** Maps a query [b, hk·g, m] or a key [b, hk, n] to its class. */
function classOfRow({ values }: Case, name: 'q' | 'k'): (row: number) => number {
  const base = hashOf(values.seed, nameHash(name), 72);
  return (row) => mix(base + Math.imul(row, 0x9e3779b9)) % CLASSES;
}

/** Classes that the oracle sums by. */
export function codebookOf(c: Case, dims: WholeDims): Codebook {
  const { b, hk, heads, m, n } = dims;
  const [ofQuery, ofKey] = [classOfRow(c, 'q'), classOfRow(c, 'k')];
  return {
    classes: CLASSES,
    ofRow: Uint8Array.from({ length: b * heads * m }, (_, row) => ofQuery(row)),
    ofKey: Uint8Array.from({ length: b * hk * n }, (_, key) => ofKey(key)),
    keyHead: Int32Array.from({ length: b * heads }, (_, head) => Math.floor(head / heads) * hk + keyHeadOf(c, dims, head % heads)),
  };
}
