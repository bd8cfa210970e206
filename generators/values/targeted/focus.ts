import type { Focus } from '../../../spec/problem.js';
import type { Float64Tensor } from '../../../spec/tensor/tensor-rows.js';
import { forRows } from '../../../spec/tensor/tensor-rows.js';
import type { Case } from '../../../spec/types/documents.js';
import type { WholeDims } from '../whole-dims.js';
import { BLOCK, weightOfOthers } from './amplitude.js';
import { keyHeadOf, signatureColumns } from './signatures.js';
import type { Targeting } from './targeting.js';

/** Keys of each row that have weight, and the largest weight of other keys. */
export function focusOf(c: Case, dims: WholeDims, targeting: Targeting, inputs: Readonly<Record<'q' | 'k', Float64Tensor>>): Focus {
  const { bits, sharers, decoys, targets, kinds, scoring, others } = targeting;
  const period = 2 ** bits;
  const all = [others, ...decoys.map((decoy) => decoy.others)];
  const plain = all.map((of) => weightOfOthers(of, scoring));
  const free = freeProducts(c, dims, targeting, inputs);
  const most = free.reduce((max, x) => Math.max(max, x), 0);
  // a softcap makes the weight nonlinear in the free part: the largest free part bounds every row
  const capped = scoring.softcap === undefined ? undefined : all.map((of) => weightOfOthers(of, scoring, most));
  return {
    width: BLOCK,
    period,
    most: BLOCK * sharers,
    block: targets,
    kind: kinds,
    kinds: all.length,
    others: free.map((product, row) => capped?.[kinds[row]] ?? plain[kinds[row]] + scoring.scale * product),
  };
}

/** Largest product of the free columns of each row's query with any key's, |q|·max |k|. */
function freeProducts(c: Case, dims: WholeDims, { code }: Targeting, { q, k }: Readonly<Record<'q' | 'k', Float64Tensor>>): Float64Array {
  const { b, hk, heads, m, n, d } = dims;
  const free = new Float64Array(d).fill(1);
  for (const column of signatureColumns(c, d, code)) free[column] = 0;
  const keys = new Float64Array(b * hk);
  forRows(k, (rows, first) => {
    for (let at = 0, row = first; at < rows.length; at += d, row++) {
      const head = Math.floor(row / n);
      keys[head] = Math.max(keys[head], squares(rows, at, free));
    }
  });
  const products = new Float64Array(b * heads * m);
  forRows(q, (rows, first) => {
    for (let at = 0, row = first; at < rows.length; at += d, row++) {
      const head = Math.floor(row / m);
      const key = Math.floor(head / heads) * hk + keyHeadOf(c, dims, head % heads);
      products[row] = Math.sqrt(squares(rows, at, free) * keys[key]);
    }
  });
  return products;
}

function squares(data: Float64Array, at: number, free: Float64Array): number {
  let sum = 0;
  for (let x = 0; x < free.length; x++) sum += free[x] * data[at + x] * data[at + x];
  return sum;
}
