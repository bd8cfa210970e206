import type { Claims } from '../../spec/claims/claims.js';
import { compileMask } from '../../spec/mask/compile/compile.js';
import type { CompiledMask } from '../../spec/mask/compile/compiled-mask.js';
import { allocate } from '../../spec/tensor/dtype.js';
import { decodeAll, encodeAll } from '../../spec/tensor/float-bits.js';
import type { Case } from '../../spec/types/documents.js';
import { drawInputs, type StoredInput } from '../values/inputs.js';
import { changeElements, elementsChanged, transformOf } from '../values/transform.js';
import type { AppendCall } from './cache.js';
import { callOn } from './other-tables.js';
import { play } from './play.js';
import { isReuse } from './reuse.js';

/** Case of a call on a cache. */
export type HistoryCase = Case & Required<Pick<Case, 'history'>>;

export function hasHistory(c: Case): c is HistoryCase {
  return c.history !== undefined && !isReuse(c);
}

/** Inputs that have a row for each token. */
const ofTokens: readonly string[] = ['q', 'k', 'v'];

/** Number of tokens in a run, one of which is the planted key. */
const RUN = 4;

/**
 * Draws all tokens of a history, q [1, hk·g, tokens, d], k [1, hk, tokens, d] and v [1, hk, tokens, e], in the case's dtype, and the
 * case's other inputs.
 */
export function drawTokens(claims: Claims, c: HistoryCase, tokens: number, biasShape: readonly number[]): Record<string, StoredInput> {
  const { history: _, ...rest } = c;
  const { poison: __, transform: ___, ...values } = c.values;
  const dims = { ...c.dims, b: 1, m: tokens, n: tokens };
  const full: CompiledMask = compileMask(
    claims.library,
    { name: 'full' },
    { b: 1, heads: dims.hk * dims.g, m: tokens, n: tokens, causal: 'bottom-right', window: 'inclusive' },
  );
  // poison fills only slots without a token
  const distribution = values.distribution === 'poison' ? 'normal' : values.distribution;
  // one planted key in every run, so that its position does not change when tokens are added
  const runs = new Array<number>(Math.ceil(tokens / RUN)).fill(RUN);
  const packed = { q: runs, k: runs };
  // changes of q, k and v are applied later, to the tokens of the call
  const transform = transformOf(c.values).filter((change) => !('change' in change && ofTokens.includes(change.change)));
  return drawInputs(claims, { ...rest, dims, packed, values: { ...values, distribution, transform } }, full, biasShape, []);
}

/** Draws all tokens of a history, with the case's changes applied to those that its call reads (before any change of its tables). */
export function tokensOf(claims: Claims, c: HistoryCase, biasShape: readonly number[]): Record<string, StoredInput> {
  const { allTokens, entries } = play(c.history);
  const drawn = drawTokens(claims, c, allTokens, biasShape);
  const changed = elementsChanged(c.values).filter((name) => ofTokens.includes(name));
  const read = (name: string) => [...new Set(entries.flatMap(({ latest, sequence }) => [...(name === 'q' ? latest : sequence)]))];
  return { ...drawn, ...Object.fromEntries(changed.map((name) => [name, changedIn(c, name, drawn[name], read(name))])) };
}

function changedIn(c: Case, name: string, input: StoredInput, tokens: readonly number[]): StoredInput {
  const [, heads, all, width] = input.shape;
  const rows = tokens.flatMap((token) => Array.from({ length: heads }, (_, h) => (h * all + token) * width));
  const data = decodeAll(input.dtype, input.data);
  changeElements(
    c,
    name,
    data,
    rows.flatMap((row) => Array.from({ length: width }, (_, x) => row + x)),
  );
  return { ...input, data: encodeAll(input.dtype, data) };
}

/**
 * Inputs of a call as one problem: q [b, hk·g, m, d], k [b, hk, n, d] and v [b, hk, n, e], zero after the end of a shorter sequence.
 * @param append true if the kernel appends the new keys to pages itself.
 */
export function historyInputs(claims: Claims, c: HistoryCase, biasShape: readonly number[], append: boolean): Record<string, StoredInput> {
  const call = callOn(c, append);
  const { q, k, v, ...others } = tokensOf(claims, c, biasShape);
  const whole = call.entries.map(({ sequence }) => sequence);
  return { q: gather(q, newTokens(call), c.dims.m), k: gather(k, whole, c.dims.n), v: gather(v, whole, c.dims.n), ...others };
}

/** New tokens of each batch entry. */
export function newTokens({ entries }: AppendCall): Int32Array[] {
  return entries.map(({ latest }) => latest);
}

/** Gathers rows of tokens [1, heads, tokens, width] into a batch of sequences [b, heads, length, width], zero after a sequence's end. */
export function gather(all: StoredInput, sequences: readonly Int32Array[], length: number): StoredInput {
  const [, heads, tokens, width] = all.shape;
  const data = allocate(all.dtype, sequences.length * heads * length * width);
  sequences.forEach((sequence, b) => {
    for (let h = 0; h < heads; h++) {
      for (const [at, token] of sequence.entries()) {
        const from = (h * tokens + token) * width;
        data.set(all.data.subarray(from, from + width), ((b * heads + h) * length + at) * width);
      }
    }
  });
  const scale = all.scale && Float64Array.from({ length: sequences.length * heads }, (_, at) => (all.scale as Float64Array)[at % heads]);
  return { dtype: all.dtype, shape: [sequences.length, heads, length, width], data, ...(scale && { scale }) };
}
