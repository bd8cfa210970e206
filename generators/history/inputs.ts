import type { SpecLibrary } from '../../spec/library.js';
import { compileMask } from '../../spec/mask/compile.js';
import type { CompiledMask } from '../../spec/mask/compiled-mask.js';
import { allocate } from '../../spec/tensor/dtype.js';
import type { Case } from '../../spec/types/documents.js';
import { drawInputs, type StoredInput } from '../values/inputs.js';
import type { AppendCall } from './cache.js';
import { play } from './play.js';

/** The case of a call on a cache. */
export type HistoryCase = Case & Required<Pick<Case, 'history'>>;

export function hasHistory(c: Case): c is HistoryCase {
  return c.history !== undefined;
}

/** Tokens among which one is planted. */
const RUN = 4;

/** What every token of a history is: q [1, hk·g, tokens, d], k [1, hk, tokens, d], v [1, hk, tokens, e] in its dtype, and the case's other inputs. */
export function drawTokens(
  library: SpecLibrary,
  c: HistoryCase,
  tokens: number,
  biasShape: readonly number[],
): Record<string, StoredInput> {
  const { history: _, ...rest } = c;
  const { poison: __, ...values } = c.values;
  const dims = { ...c.dims, b: 1, m: tokens, n: tokens };
  const full: CompiledMask = compileMask(
    library,
    { name: 'full' },
    { b: 1, heads: dims.hk * dims.g, m: tokens, n: tokens, causal: 'bottom-right', window: 'inclusive' },
  );
  // poison is for slots that hold no token
  const distribution = values.distribution === 'poison' ? 'normal' : values.distribution;
  // a key that stands out in every run: where it stands must not change when tokens are added
  const runs = new Array<number>(Math.ceil(tokens / RUN)).fill(RUN);
  const packed = { q: runs, k: runs };
  return drawInputs(library, { ...rest, dims, packed, values: { ...values, distribution } }, full, biasShape, undefined);
}

/** A call's inputs as one problem: q [b, hk·g, m, d], k [b, hk, n, d], v [b, hk, n, e], zero after the end of a shorter sequence. */
export function historyInputs(library: SpecLibrary, c: HistoryCase, biasShape: readonly number[]): Record<string, StoredInput> {
  const call = play(c.history);
  const { q, k, v, ...others } = drawTokens(library, c, call.allTokens, biasShape);
  const whole = call.entries.map(({ sequence }) => sequence);
  return { q: gather(q, newTokens(call), c.dims.m), k: gather(k, whole, c.dims.n), v: gather(v, whole, c.dims.n), ...others };
}

/** The new tokens of each batch entry. */
export function newTokens({ entries, tokens }: AppendCall): Int32Array[] {
  return entries.map(({ sequence }) => sequence.subarray(sequence.length - tokens));
}

/** Rows of all tokens, [1, heads, tokens, width], as a batch of sequences: [b, heads, length, width], zero where a sequence is shorter. */
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
