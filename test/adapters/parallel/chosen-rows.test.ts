import { expect, it } from 'vitest';
import { emptyPartial, mergeInto } from '../../../adapters/parallel/blocks/attention-state.js';
import { addRows, chooseRows, spreadRows } from '../../../adapters/parallel/collectives/chosen-rows.js';
import { tensorOf, transpose, valuesOf } from '../../../spec/tensor/tensor.js';

const rows = Int32Array.of(0, 2);

it('takes rows of every head and batch entry, from a view too', () => {
  const t = tensorOf('bf16', [1, 2, 3, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect([...valuesOf(chooseRows(t, rows))]).toEqual([0, 1, 4, 5, 6, 7, 10, 11]);
  const view = transpose(tensorOf('f32', [1, 3, 2, 1], [0, 3, 1, 4, 2, 5]), [0, 2, 1, 3]);
  expect([...valuesOf(chooseRows(view, rows))]).toEqual([0, 2, 3, 5]);
  expect(chooseRows(t, new Int32Array(0)).shape).toEqual([1, 2, 0, 2]);
});

it('adds rows where they were taken', () => {
  const into = new Float64Array(12).fill(1);
  addRows(into, [10, 20, 30, 40, 50, 60, 70, 80], rows, 3, 2);
  expect([...into]).toEqual([11, 21, 1, 1, 31, 41, 51, 61, 1, 1, 71, 81]);
});

it('leaves the other rows of a partial result what they were', () => {
  const chosen = { o: Float64Array.of(1, 2, 3, 4), lse: Float64Array.of(0.1, 0.2, 0.3, 0.4) };
  const all = spreadRows(chosen, rows, 2, 3, 1);
  expect([...all.o]).toEqual([1, 0, 2, 3, 0, 4]);
  expect([...all.lse]).toEqual([0.1, -Infinity, 0.2, 0.3, -Infinity, 0.4]);
  const merged = emptyPartial(6, 1);
  mergeInto(merged, all);
  expect([...merged.lse]).toEqual([...all.lse]);
});
