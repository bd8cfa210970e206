import type { Call } from '../../../kernel.js';
import type { Arithmetic, Numbers } from '../arithmetic/arithmetic.js';
import { type Store, storeOf } from '../arithmetic/storage.js';
import { load } from './load.js';

/** Inputs of every operator: q [b, heads, m, d], k [b, hk, n, d], v [b, hk, n, e], contiguous. */
export interface LoadedProblem {
  readonly arithmetic: Arithmetic;
  readonly store: Store;
  readonly b: number;
  /** Number of query heads, hk·g. */
  readonly heads: number;
  readonly hk: number;
  readonly g: number;
  readonly m: number;
  readonly n: number;
  readonly d: number;
  readonly e: number;
  readonly q: Numbers;
  readonly k: Numbers;
  readonly v: Numbers;
}

/** Reads the problem of a call; its tensors may be views. */
export function loadProblem({ case: c, tensors }: Call, arithmetic: Arithmetic): LoadedProblem {
  const { b, hk, g, m, n, d, e } = c.dims;
  return {
    arithmetic,
    store: storeOf(c.dtype),
    b,
    heads: hk * g,
    hk,
    g,
    m,
    n,
    d,
    e,
    q: load(tensors.q, c.layout),
    k: load(tensors.k, c.layout),
    v: load(tensors.v, c.layout),
  };
}
