import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { problemOf } from '../../../generators/problem.js';
import { tensorsOf } from '../../../generators/tensors.js';
import { sampledRows } from '../../../generators/values/sampled-rows.js';
import { Claims } from '../../../spec/claims/claims.js';
import { tensor, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';
import { capable, library } from '../capable.js';

const sizes = fc.record({
  b: fc.integer({ min: 1, max: 4 }),
  hk: fc.integer({ min: 1, max: 4 }),
  g: fc.integer({ min: 1, max: 5 }),
  m: fc.integer({ min: 1, max: 40 }),
});
const seeds = fc.integer({ min: 0, max: 255 });
const none = { tables: {} };
const valuesWith = (rows: number, seed: number): Pick<Case, 'values'> => ({ values: { distribution: 'normal', seed, rows } });

describe('the sampled rows', () => {
  test.prop([sizes, seeds, fc.integer({ min: 1, max: 300 })])('are as many as are asked for, or all', ({ b, hk, g, m }, seed, wanted) => {
    const rows = sampledRows(valuesWith(wanted, seed), { b, hk, heads: hk * g, m }, none);
    const all = b * hk * g * m;
    if (wanted >= all) expect(rows).toBeUndefined();
    else expect(rows?.reduce((sum, row) => sum + row, 0)).toBe(wanted);
    expect(rows?.length ?? all).toBe(all);
  });

  test.prop([sizes, seeds])(
    'are of every key head before they are of another head of one, and of every head in time',
    ({ b, hk, g, m }, seed) => {
      const counted = (wanted: number) => {
        const rows = sampledRows(valuesWith(wanted, seed), { b, hk, heads: hk * g, m }, none);
        return Array.from({ length: b * hk * g }, (_, head) =>
          rows ? rows.subarray(head * m, (head + 1) * m).reduce((s, r) => s + r, 0) : m,
        );
      };
      const first = counted(b * hk);
      for (let group = 0; group < b * hk; group++) expect(first.slice(group * g, (group + 1) * g).reduce((s, r) => s + r, 0)).toBe(1);
      for (const count of counted(b * hk * g)) expect(count).toBeGreaterThan(0);
    },
  );

  it('are, of one head, the ends, both sides of tiles and of documents, and others', () => {
    const document = tensor(
      'i32',
      [1, 300],
      Int32Array.from({ length: 300 }, (_, i) => (i < 77 ? 0 : i < 201 ? 1 : 2)),
    );
    const rows = sampledRows(valuesWith(60, 5), { b: 1, hk: 1, heads: 1, m: 300 }, { tables: { document } });
    const edges = [0, 15, 16, 63, 64, 76, 77, 127, 128, 200, 201, 255, 256, 299];
    for (const row of edges) expect(rows?.[row], String(row)).toBe(1);
    const packed = sampledRows(
      { ...valuesWith(60, 5), packed: { q: [77, 124, 99], k: [1, 1, 1] } },
      { b: 1, hk: 1, heads: 1, m: 300 },
      none,
    );
    for (const row of edges) expect(packed?.[row], String(row)).toBe(1);
  });
});

describe('a case of which some rows are judged', () => {
  const c: Case = {
    operator: 'softmax',
    dims: { b: 2, hk: 2, g: 3, m: 20, n: 12, d: 4, e: 3 },
    mask: { name: 'full' },
    options: {},
    dtype: 'f32',
    layout: 'bhld',
    values: { distribution: 'normal', seed: 7, rows: 15 },
  };

  it('has cotangents in these rows alone, the same for the kernel and for the oracle', () => {
    const capabilities = capable({ gradients: ['q', 'k', 'v', 'dlse'] });
    const given = tensorsOf(Claims.of(library, capabilities), c, 'backward');
    const { rows, inputs } = problemOf(Claims.of(library, capabilities), c, true);
    const { rows: _, ...values } = c.values;
    const whole = problemOf(Claims.of(library, capabilities), { ...c, values }, true);
    expect(whole.rows).toBeUndefined();
    for (const name of ['do', 'dlse']) {
      expect([...valuesOf(given[name])], name).toEqual([...inputs[name].data]);
      const width = inputs[name].data.length / (rows as Uint8Array).length;
      inputs[name].data.forEach((x, at) => {
        expect(x, `${name}[${at}]`).toBe(rows?.[Math.floor(at / width)] ? whole.inputs[name].data[at] : 0);
      });
    }
    for (const name of ['q', 'k', 'v']) expect(inputs[name].data).toEqual(whole.inputs[name].data);
  });

  it('has, cut into blocks, the rows that the whole has there', () => {
    const capabilities = capable();
    const { rows } = problemOf(Claims.of(library, capabilities), c);
    const queries: [number, number] = [5, 14];
    const block = { queries, keys: [0, 12] as [number, number], of: c.mask, whole: [20, 12] as [number, number] };
    const part = problemOf(Claims.of(library, capabilities), { ...c, dims: { ...c.dims, m: 9 }, block });
    const heads = Array.from({ length: 12 }, (_, head) => [...(rows as Uint8Array).subarray(head * 20 + 5, head * 20 + 14)]);
    expect([...(part.rows as Uint8Array)]).toEqual(heads.flat());
  });
});
