import type { Claims } from '../../spec/claims/claims.js';
import { hashOf } from '../../spec/lib/hash.js';
import type { CompiledMask } from '../../spec/mask/compile/compiled-mask.js';
import { raggedMask } from '../../spec/mask/views/ragged.js';
import { flatAxesOf, type InputFacts, inputsOf, layoutForm } from '../../spec/operator/facts.js';
import { shapeOfAxes } from '../../spec/operator/layout.js';
import { axesOfToken, cachedInputs, queryInputs, tokenPlace } from '../../spec/operator/token-inputs.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import { type CodeFormat, codesOf } from '../../spec/tensor/code-format.js';
import { allocate, type DType } from '../../spec/tensor/dtype.js';
import { encode } from '../../spec/tensor/float-bits.js';
import { type Tensor, type Tensors, tensor } from '../../spec/tensor/tensor.js';
import type { Case, Operator } from '../../spec/types/documents.js';
import { segmentOf } from '../packed/mask.js';
import { codeFor } from '../values/input-domain.js';
import { fillOf, poisonValue } from '../values/poison.js';
import type { StoredInput } from '../values/stored-input.js';
import { inLayout } from '../values/view.js';
import type { AppendCall } from './cache.js';
import { gather, type HistoryCase, hasHistory, newTokens, sizesAround, tokensOf } from './inputs.js';
import { callOn } from './other-tables.js';
import { pageOf, play } from './play.js';

/** True if the keys and values of the call lie in pages. */
export function isPaged(c: Case): c is HistoryCase {
  return hasHistory(c) && pageOf(c.history) > 0;
}

/** Mask of a call on pages: each batch entry has the case's mask over its sequence. */
export function pagedMask(library: SpecLibrary, c: HistoryCase): CompiledMask {
  const { b, hk, g, m, n } = c.dims;
  // key counts are the same if the caller appends
  const segments = callOn(c, true).entries.map(({ sequence }, entry) => segmentOf(library, c, entry, [0, m], [0, sequence.length]));
  return raggedMask({ b, heads: hk * g, m, n }, segments);
}

/**
 * Tensors of a paged call: pages of each cached input (softmax: k_pages and v_pages [pages, page,
 * hk, d or e]), block_table I32 [b, maxPages], cache_lengths I32 [b], and queries in the case's
 * layout. If the kernel appends, lengths and pages are the earlier ones, and the new rows come in
 * the case's layout (k_new and v_new [b, hk, t, ·]). Unused table entries name arbitrary pages.
 */
export function pagedTensors(claims: Claims, c: HistoryCase, append: boolean): Tensors {
  const call = callOn(c, append);
  const operator = operatorOf(claims, c);
  const inputs = tokensOf(claims, c, []);
  const latest = newTokens(call);
  const laid = (name: string) =>
    inLayout(
      plain(gather(inputs[name], tokenPlace(operator, name), latest, call.tokens)),
      c.layout,
      layoutForm(flatAxesOf(inputsOf(operator)[name].axes)),
    );
  const slots = append ? call.before : call.after;
  const tensors: Tensors = {};
  for (const name of queryInputs(operator)) tensors[name] = laid(name);
  for (const name of cachedInputs(operator)) tensors[`${name}_pages`] = inPages(c, operator, name, inputs[name], slots, call);
  tensors.block_table = blockTable(c, call);
  tensors.cache_lengths = tensor(
    'i32',
    [call.entries.length],
    Int32Array.from(call.entries, ({ sequence }) => sequence.length - (append ? call.tokens : 0)),
  );
  if (append) for (const name of cachedInputs(operator)) tensors[`${name}_new`] = laid(name);
  const ofTokens = [...queryInputs(operator), ...cachedInputs(operator)];
  for (const [name, input] of Object.entries(inputs)) if (!ofTokens.includes(name)) tensors[name] = plain(input);
  return tensors;
}

/** Pages after a call that appends. Softmax: k_pages and v_pages [pages, page, hk, d or e]. */
export function pagesAfter(claims: Claims, c: HistoryCase): Tensors {
  const call = callOn(c, true);
  const operator = operatorOf(claims, c);
  const inputs = tokensOf(claims, c, []);
  return Object.fromEntries(
    cachedInputs(operator).map((name) => [`${name}_pages`, inPages(c, operator, name, inputs[name], call.after, call)]),
  );
}

/** Shapes of the pages of each cached input, by the input's name. */
export function pageShapes(operator: Operator, c: HistoryCase): Record<string, number[]> {
  const { page, pages } = play(c.history);
  return Object.fromEntries(cachedInputs(operator).map((name) => [name, [pages, page, ...shapeOfAxes(axesOfToken(operator, name), c)]]));
}

function operatorOf({ library }: Claims, c: Case): Operator {
  return library.operators.get(c.operator) as Operator;
}

function plain({ dtype, shape, data }: StoredInput): Tensor {
  return tensor(dtype, shape, data);
}

/** Writes tokens to their slots. Empty slots get poison, or `fillOf` the dtype. */
function inPages(c: Case, operator: Operator, name: string, all: StoredInput, slots: Int32Array, { page, pages }: AppendCall): Tensor {
  const place = tokenPlace(operator, name);
  const { outer, tokens, inner } = sizesAround(all, place);
  const { dtype } = all;
  const data = allocate(dtype, slots.length * outer * inner);
  data.fill(emptySlot(c, inputsOf(operator)[name], dtype as DType));
  slots.forEach((token, slot) => {
    if (token < 0) return;
    for (let h = 0; h < outer; h++) {
      const from = (h * tokens + token) * inner;
      data.set(all.data.subarray(from, from + inner), (slot * outer + h) * inner);
    }
  });
  return tensor(dtype, [pages, page, ...all.shape.slice(1, place), ...all.shape.slice(place + 1)], data);
}

/** Element of an empty slot: the poison, else a large number, or its nearest code. */
function emptySlot(c: Case, facts: InputFacts, dtype: DType): number {
  const poison = poisonValue(c);
  if (facts.kind === 'code') return codeFor(poison ?? largestOf(facts) / 4, facts);
  return encode(dtype, poison ?? fillOf(dtype));
}

function largestOf({ format }: InputFacts): number {
  const { finite, decode } = codesOf(format as CodeFormat);
  return Math.max(...finite.map(decode));
}

function blockTable(c: Case, { entries, pages }: AppendCall): Tensor {
  const width = Math.max(...entries.map((entry) => entry.pages.length)) + 1;
  const table = new Int32Array(entries.length * width);
  entries.forEach(({ pages: own }, b) => {
    for (let at = 0; at < width; at++) table[b * width + at] = own[at] ?? hashOf(c.values.seed, b, at) % pages;
  });
  return tensor('i32', [entries.length, width], table);
}
