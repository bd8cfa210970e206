import { describe, expect, it } from 'vitest';
import { reference } from '../../../../adapters/controls/reference/index.js';
import { tensorsOf } from '../../../../generators/tensors.js';
import { resolveCapabilities } from '../../../../spec/claims/capabilities.js';
import { Claims } from '../../../../spec/claims/claims.js';
import { createLibrary } from '../../../../spec/library.js';
import { type Tensor, tensorOf, valuesOf } from '../../../../spec/tensor/tensor.js';
import type { Case } from '../../../../spec/types/documents.js';

const library = createLibrary();
const capabilities = resolveCapabilities(reference.capabilities, 'reference');

/** Two sequences of one length, in pages and without. */
const contiguous: Case = {
  operator: 'softmax',
  dims: { b: 2, hk: 2, g: 2, m: 3, n: 20, d: 5, e: 4 },
  mask: { name: 'causal' },
  options: { alibi: true, sink: true, softcap: 5 },
  dtype: 'f32',
  layout: 'bhld',
  history: [17, 3].map((tokens) => ({ op: 'append', sequences: [0, 1], tokens })),
  values: { distribution: 'normal', seed: 4 },
};
const paged: Case = {
  ...contiguous,
  history: [
    { op: 'create', page: 4 },
    ...(contiguous.history ?? []).slice(0, 1),
    { op: 'permute', seed: 7 },
    ...(contiguous.history ?? []).slice(1),
  ],
};

const run = async (c: Case, change: (tensors: Record<string, Tensor>) => Record<string, Tensor> = (x) => x) => {
  const kernel = await reference.open();
  return kernel.forward({ case: c, tensors: change(tensorsOf(Claims.of(library, capabilities), c)) });
};

describe('the reference on pages', () => {
  it('gives the same bits as on contiguous keys', async () => {
    const [whole, pages] = [await run(contiguous), await run(paged)];
    expect(pages.o).toEqual(whole.o);
    expect(pages.lse).toEqual(whole.lse);
    expect(whole).not.toHaveProperty('k_pages');
  });

  it('gives the same in layout blhd', async () => {
    const [whole, pages] = [await run({ ...contiguous, layout: 'blhd' }), await run({ ...paged, layout: 'blhd' })];
    expect(pages.o).toEqual(whole.o);
  });

  it('does not touch slots that hold none of its tokens', async () => {
    const poisoned: Case = { ...paged, values: { ...paged.values, poison: 'nan' } };
    expect((await run(poisoned)).o).toEqual((await run(paged)).o);
  });

  it('leaves its inputs alone', async () => {
    const before: Float64Array[] = [];
    let pages: Tensor | undefined;
    await run(paged, (tensors) => {
      pages = tensors.k_pages;
      before.push(valuesOf(tensorOf('f32', pages.shape, valuesOf(pages))));
      return tensors;
    });
    expect(valuesOf(pages as Tensor)).toEqual(before[0]);
  });
});
