import type { Tensor, Tensors } from '../../../../spec/tensor/tensor.js';
import type { Call } from '../../../kernel.js';
import type { Numbers } from '../arithmetic/arithmetic.js';
import type { SoftmaxGradients, SoftmaxOutputs } from '../problem/softmax-problem.js';

/** Document of packed sequences, with queries and keys in [start, end), possibly empty. */
export interface PackedDocument {
  readonly queries: readonly [start: number, end: number];
  readonly keys: readonly [start: number, end: number];
}

/** Returns the documents between starts [documents + 1]. */
export function documents(cuQueries: ArrayLike<number>, cuKeys: ArrayLike<number>): PackedDocument[] {
  return Array.from({ length: cuQueries.length - 1 }, (_, x) => ({
    queries: [cuQueries[x], cuQueries[x + 1]],
    keys: [cuKeys[x], cuKeys[x + 1]],
  }));
}

interface Packing {
  readonly documents: typeof documents;
  readonly round: (x: number) => number;
}

/** o [heads, tq, e] and lse [heads, tq]; each document is a problem with b = 1. */
export function packedForward(call: Call, packing: Packing, forward: (document: Call) => SoftmaxOutputs): SoftmaxOutputs {
  const { hk, g, m, e } = call.case.dims;
  const o = new Float64Array(hk * g * m * e);
  const lse = new Float64Array(hk * g * m);
  for (const document of documentsOf(call, packing)) {
    const own = forward(documentCall(call, document));
    add(own.o, document.queries, o, m, e, hk * g);
    add(own.lse, document.queries, lse, m, 1, hk * g);
  }
  return { o, lse };
}

/** dq [heads, tq, d], dk [hk, tk, d], dv [hk, tk, e]; sums dsink and dalibi over documents. */
export function packedBackward(call: Call, packing: Packing, backward: (document: Call) => SoftmaxGradients): SoftmaxGradients {
  const { hk, g, m, n, d, e } = call.case.dims;
  const heads = hk * g;
  const { sink, alibi } = call.tensors;
  const whole = {
    dq: new Float64Array(heads * m * d),
    dk: new Float64Array(hk * n * d),
    dv: new Float64Array(hk * n * e),
    dsink: sink && new Float64Array(heads),
    dalibi: alibi && new Float64Array(heads),
  };
  for (const document of documentsOf(call, packing)) {
    const own = backward(documentCall(call, document));
    add(own.dq, document.queries, whole.dq, m, d, heads);
    add(own.dk, document.keys, whole.dk, n, d, hk);
    add(own.dv, document.keys, whole.dv, n, e, hk);
    for (const name of ['dsink', 'dalibi'] as const) {
      whole[name]?.forEach((sum, h, all) => {
        all[h] = packing.round(sum + (own[name]?.[h] ?? 0));
      });
    }
  }
  return whole;
}

function documentsOf({ tensors: { cu_q, cu_k } }: Call, packing: Packing): PackedDocument[] {
  return packing.documents(cu_q.data as Int32Array, cu_k.data as Int32Array);
}

/** Returns the call of one document, in layout bhld, with views of its rows and keys. */
function documentCall({ case: { packed: _, ...c }, tensors }: Call, { queries, keys }: PackedDocument): Call {
  const own: Tensors = { ...tensors, q: rowsOf(tensors.q, queries), k: rowsOf(tensors.k, keys), v: rowsOf(tensors.v, keys) };
  if (tensors.do) own.do = rowsOf(tensors.do, queries);
  if (tensors.dlse) own.dlse = columnsOf(tensors.dlse, queries);
  const dims = { ...c.dims, m: queries[1] - queries[0], n: keys[1] - keys[0] };
  return { case: { ...c, dims, layout: 'bhld' }, tensors: own };
}

/** Views [l, h, d] as [1, h, end − start, d]. */
function rowsOf({ shape: [, h, d], strides: [l, ...rest], ...t }: Tensor, [start, end]: readonly [number, number]): Tensor {
  return { ...t, shape: [1, h, end - start, d], strides: [0, rest[0], l, rest[1]], offset: t.offset + start * l };
}

/** Views [h, l] as [1, h, end − start]. */
function columnsOf({ shape: [h], strides: [head, l], ...t }: Tensor, [start, end]: readonly [number, number]): Tensor {
  return { ...t, shape: [1, h, end - start], strides: [0, head, l], offset: t.offset + start * l };
}

/** Adds [heads, end − start, width] to rows [start, end) of [heads, rows, width]. */
function add(from: Numbers, [start, end]: readonly [number, number], to: Numbers, rows: number, width: number, heads: number): void {
  const size = (end - start) * width;
  for (let h = 0; h < heads; h++) {
    const at = (h * rows + start) * width;
    for (let x = 0; x < size; x++) to[at + x] += from[h * size + x];
  }
}
