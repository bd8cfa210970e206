import type { Claims } from '../../spec/claims/claims.js';
import { compileMask } from '../../spec/mask/compile/compile.js';
import type { CompiledMask } from '../../spec/mask/compile/compiled-mask.js';
import { maskDialect } from '../../spec/mask/mask-dialect.js';
import { type InputFacts, inputsOf } from '../../spec/operator/facts.js';
import { cachedInputs, queryInputs, tokenPlace } from '../../spec/operator/token-inputs.js';
import { allocate, type DType } from '../../spec/tensor/dtype.js';
import { decodeAll, encodeAll } from '../../spec/tensor/float-bits.js';
import { sizeOf } from '../../spec/tensor/tensor.js';
import type { Case, Operator } from '../../spec/types/documents.js';
import { drawInputs } from '../values/inputs.js';
import { longInputs } from '../values/long-inputs.js';
import type { StoredInput } from '../values/stored-input.js';
import { isOneSequence } from '../values/targeted/one-sequence.js';
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

/** Inputs with a row for each token: queries, and inputs that a cache keeps. */
function ofTokens({ library }: Claims, c: Case): string[] {
  const operator = library.operators.get(c.operator) as Operator;
  return [...queryInputs(operator), ...cachedInputs(operator)];
}

/** Tokens in a run, one of which is the planted key. */
const RUN = 4;

/**
 * Draws all tokens of a history and the case's other inputs. Softmax: q [1, hk·g, tokens, d], k [1,
 * hk, tokens, d], v [1, hk, tokens, e].
 */
export function drawTokens(claims: Claims, c: HistoryCase, tokens: number, biasShape: readonly number[]): Record<string, StoredInput> {
  const { history: _, ...rest } = c;
  if (longInputs[c.values.distribution] && isOneSequence(c)) return drawLongTokens(claims, { ...rest, dims: { ...c.dims, n: tokens } });
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
  const names = ofTokens(claims, c);
  const transform = transformOf(c.values).filter((change) => !('change' in change && names.includes(change.change)));
  return drawInputs(claims, { ...rest, dims, packed, values: { ...values, distribution, transform } }, full, biasShape, []);
}

/** Draws the inputs of a call over a long sequence. Its queries are the last tokens. */
function drawLongTokens(claims: Claims, c: Case): Record<string, StoredInput> {
  const { hk, g, m, n } = c.dims;
  const mask = compileMask(claims.library, c.mask, { b: 1, heads: hk * g, m, n, ...maskDialect(c) });
  const inputs = drawInputs(claims, c, mask, [], []);
  const operator = claims.library.operators.get(c.operator) as Operator;
  for (const name of queryInputs(operator)) {
    const input = inputs[name];
    const place = tokenPlace(operator, name);
    const { outer, inner } = sizesAround(input, place);
    const data = allocate(input.dtype, outer * n * inner);
    for (let h = 0; h < outer; h++) data.set(input.data.subarray(h * m * inner, (h + 1) * m * inner), ((h + 1) * n - m) * inner);
    inputs[name] = { ...input, shape: input.shape.map((size, axis) => (axis === place ? n : size)), data };
  }
  return inputs;
}

/** Draws all tokens of a history, with changes in the tokens that its call reads. */
export function tokensOf(claims: Claims, c: HistoryCase, biasShape: readonly number[]): Record<string, StoredInput> {
  const { allTokens, entries } = play(c.history);
  const operator = claims.library.operators.get(c.operator) as Operator;
  const drawn = drawTokens(claims, c, allTokens, biasShape);
  const names = ofTokens(claims, c);
  const changed = elementsChanged(c.values).filter((name) => names.includes(name));
  const cached = cachedInputs(operator);
  const read = (name: string) => [...new Set(entries.flatMap(({ latest, sequence }) => [...(cached.includes(name) ? sequence : latest)]))];
  const change = (name: string) => changedIn(c, name, drawn[name], inputsOf(operator)[name], tokenPlace(operator, name), read(name));
  return { ...drawn, ...Object.fromEntries(changed.map((name) => [name, change(name)])) };
}

/** Products of the sizes before the token axis (without the batch), along it, and after it. */
export function sizesAround({ shape }: Pick<StoredInput, 'shape'>, place: number): { outer: number; tokens: number; inner: number } {
  return { outer: sizeOf(shape.slice(1, place)), tokens: shape[place], inner: sizeOf(shape.slice(place + 1)) };
}

function changedIn(c: Case, name: string, input: StoredInput, facts: InputFacts, place: number, tokens: readonly number[]): StoredInput {
  const { outer, tokens: all, inner } = sizesAround(input, place);
  const rows = tokens.flatMap((token) => Array.from({ length: outer }, (_, h) => (h * all + token) * inner));
  const isCode = facts.kind === 'code';
  const data = isCode ? Float64Array.from(input.data as Uint8Array) : decodeAll(input.dtype as DType, input.data);
  changeElements(
    c,
    name,
    data,
    facts,
    rows.flatMap((row) => Array.from({ length: inner }, (_, x) => row + x)),
  );
  if (!isCode) return { ...input, data: encodeAll(input.dtype as DType, data) };
  const codes = allocate(input.dtype, data.length) as Uint8Array;
  codes.set(data);
  return { ...input, data: codes };
}

/**
 * Inputs of a call as one problem, zero after a sequence's end. Softmax: q [b, hk·g, m, d], k [b,
 * hk, n, d], v [b, hk, n, e].
 * @param append true if the kernel appends the new keys to pages.
 */
export function historyInputs(claims: Claims, c: HistoryCase, biasShape: readonly number[], append: boolean): Record<string, StoredInput> {
  const call = callOn(c, append);
  const operator = claims.library.operators.get(c.operator) as Operator;
  const inputs = tokensOf(claims, c, biasShape);
  const whole = call.entries.map(({ sequence }) => sequence);
  const gathered = (name: string, sequences: readonly Int32Array[], length: number) =>
    gather(inputs[name], tokenPlace(operator, name), sequences, length);
  for (const name of queryInputs(operator)) inputs[name] = gathered(name, newTokens(call), c.dims.m);
  for (const name of cachedInputs(operator)) inputs[name] = gathered(name, whole, c.dims.n);
  return inputs;
}

export function newTokens({ entries }: AppendCall): Int32Array[] {
  return entries.map(({ latest }) => latest);
}

/** Gathers tokens [1, …, tokens, …] into sequences [b, …, length, …], zero after their ends. */
export function gather(all: StoredInput, place: number, sequences: readonly Int32Array[], length: number): StoredInput {
  const { outer, tokens, inner } = sizesAround(all, place);
  // one sequence of all tokens is the input itself, with rows that may be drawn on reading
  if (sequences.length === 1 && sequences[0].length === tokens && tokens === length && sequences[0].every((token, at) => token === at))
    return all;
  const data = allocate(all.dtype, sequences.length * outer * length * inner);
  sequences.forEach((sequence, b) => {
    for (let h = 0; h < outer; h++) {
      for (const [at, token] of sequence.entries()) {
        const from = (h * tokens + token) * inner;
        data.set(all.data.subarray(from, from + inner), ((b * outer + h) * length + at) * inner);
      }
    }
  });
  const { scale: one } = all;
  // every entry has the scale of the one drawn sequence
  const scale = one && Float64Array.from({ length: sequences.length * one.length }, (_, at) => one[at % one.length]);
  const shape = all.shape.map((size, axis) => (axis === 0 ? sequences.length : axis === place ? length : size));
  return { dtype: all.dtype, shape, data, ...(scale && { scale }) };
}
