import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packedMask } from '../../../generators/packed/mask.js';
import { createLibrary } from '../../../spec/library.js';
import { compileMask } from '../../../spec/mask/compile/compile.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import type { Problem } from '../../../spec/problem.js';
import type { Float64Tensor } from '../../../spec/tensor/tensor-rows.js';
import type { Case, Dialect, NamedMask } from '../../../spec/types/documents.js';
import { type Given, problem } from './problems.js';

const library = createLibrary();
const [hk, g, d, e] = [2, 2, 3, 2];

const packs = fc
  .array(fc.tuple(fc.nat(5), fc.nat(20)), { minLength: 1, maxLength: 4 })
  .filter((documents) => documents.some(([q]) => q > 0) && documents.some(([, k]) => k > 0));
const masks = fc.constantFrom<NamedMask>(
  { name: 'full' },
  { name: 'causal' },
  { name: 'sliding-window', parameters: { left: 3, right: 1 } },
);
const dialects = fc.record<Dialect>(
  {
    causal: fc.constantFrom('top-left'),
    emptyOutput: fc.constantFrom('nan', 'mean'),
    emptyLse: fc.constantFrom('zero'),
    softcap: fc.constantFrom('after-mask'),
    alibi: fc.constantFrom('distance', 'key'),
  },
  { requiredKeys: [] },
);

/** Axis 2 of a bhld tensor, cut. */
function rows({ shape, data }: Float64Tensor, [start, end]: [number, number]): Float64Tensor {
  const width = shape[3];
  const out: number[] = [];
  for (let h = 0; h < shape[1]; h++) out.push(...data.subarray((h * shape[2] + start) * width, (h * shape[2] + end) * width));
  return { shape: [1, shape[1], end - start, width], data: Float64Array.from(out) };
}

describe('a problem of packed documents', () => {
  it('has the answers of its documents, each alone', () => {
    fc.assert(
      fc.property(packs, masks, dialects, fc.boolean(), fc.boolean(), fc.nat(255), (documents, mask, dialect, alibi, capped, seed) => {
        const packed = { q: documents.map(([q]) => q), k: documents.map(([, k]) => k) };
        const [m, n] = [packed.q, packed.k].map((lengths) => lengths.reduce((a, b) => a + b, 0));
        const random = mulberry(seed);
        const draw = (...shape: number[]): Float64Tensor => ({
          shape,
          data: Float64Array.from({ length: shape.reduce((a, b) => a * b) }, () => 4 * random() - 2),
        });
        const inputs: Record<string, Float64Tensor> = {
          q: draw(1, hk * g, m, d),
          k: draw(1, hk, n, d),
          v: draw(1, hk, n, e),
          do: draw(1, hk * g, m, e),
        };
        if (alibi) inputs.alibi = draw(hk * g);
        const options: Case['options'] = { ...(alibi && { alibi: true as const }), ...(capped && { softcap: 2 }) };
        const given: Given = { dims: { b: 1, hk, g, m, n, d, e }, options, dialect, inputs, numeric: { tile: 4 } };
        const whole: Problem = { ...problem(given), mask: packedMask(library, { ...problem(given).case, mask }, packed) };
        const [forward, backward] = [expectationOf(whole, false).outputs, expectationOf(whole, true).outputs];
        let [q0, k0] = [0, 0];
        documents.forEach(([q, k]) => {
          const [queries, keys]: [number, number][] = [
            [q0, q0 + q],
            [k0, k0 + k],
          ];
          [q0, k0] = [queries[1], keys[1]];
          if (q === 0 || k === 0) return;
          const cut = {
            ...inputs,
            q: rows(inputs.q, queries),
            k: rows(inputs.k, keys),
            v: rows(inputs.v, keys),
            do: rows(inputs.do, queries),
          };
          const alone: Problem = {
            ...problem({ ...given, dims: { b: 1, hk, g, m: q, n: k, d, e }, inputs: cut }),
            mask: compileMask(library, mask, {
              b: 1,
              heads: hk * g,
              m: q,
              n: k,
              causal: dialect.causal ?? 'bottom-right',
              window: 'inclusive',
            }),
          };
          const own = { ...expectationOf(alone, false).outputs, ...expectationOf(alone, true).outputs };
          expect(rows({ shape: forward.o.shape, data: forward.o.value }, queries).data).toEqual(own.o.value);
          expect(rows({ shape: forward.o.shape, data: forward.o.bound }, queries).data).toEqual(own.o.bound);
          expect(rows({ shape: [...forward.lse.shape, 1], data: forward.lse.value }, queries).data).toEqual(own.lse.value);
          expect(rows({ shape: backward.dq.shape, data: backward.dq.value }, queries).data).toEqual(own.dq.value);
          expect(rows({ shape: backward.dk.shape, data: backward.dk.value }, keys).data).toEqual(own.dk.value);
          expect(rows({ shape: backward.dv.shape, data: backward.dv.value }, keys).data).toEqual(own.dv.value);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('leaves a document without keys empty', () => {
    const given: Given = {
      dims: { b: 1, hk: 1, g: 1, m: 2, n: 1, d: 1, e: 1 },
      inputs: Object.fromEntries(
        ['q', 'k', 'v'].map((name) => [name, { shape: [1, 1, name === 'q' ? 2 : 1, 1], data: new Float64Array(2).fill(1) }]),
      ),
    };
    const whole = problem(given);
    const { empty, outputs } = expectationOf({ ...whole, mask: packedMask(library, whole.case, { q: [1, 1], k: [0, 1] }) }, false);
    expect([...empty]).toEqual([1, 0]);
    expect([...outputs.lse.value]).toEqual([-Infinity, 1]);
  });
});

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}
