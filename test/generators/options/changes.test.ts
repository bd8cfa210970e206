import fc from 'fast-check';
import { expect, it } from 'vitest';
import { counts } from '../../../generators/lib/flat.js';
import { changeLengths, changeRules, changesOf } from '../../../generators/options/changes.js';
import { validateCase } from '../../../generators/validate.js';
import { simplest } from '../../../generators/whole/flat-table.js';
import { withComputedAxes } from '../../../spec/operator/axes.js';
import type { Case, Operator } from '../../../spec/types/documents.js';
import { capable, library } from '../capable.js';

const softmax = library.operators.get('softmax') as Operator;
const scale = { name: 'scale', values: [1, 0.5], forced: false, share: 50 };
const rules = changeRules(softmax, capable({ gradients: ['q', 'k', 'v', 'dlse'] }), [scale]);
const c: Case = {
  operator: 'softmax',
  dims: { b: 1, hk: 1, g: 1, m: 2, n: 3, d: 2, e: 2 },
  mask: { name: 'full' },
  options: { sink: true, scale: 0.5 },
  dtype: 'f32',
  layout: 'bhld',
  values: { distribution: 'normal', seed: 0 },
};
const all = Object.fromEntries(Array.from({ length: counts.changes }, (_, place) => [`change${place}`, 1]));
const namesOf = (flat: typeof simplest) =>
  changesOf(rules, flat, c, undefined).map((change) => ('change' in change ? change.change : 'shift'));

it('what a case has is changed, and nothing else', () => {
  expect(namesOf({ ...simplest, ...all })).toEqual(['q', 'k', 'v', 'sink', 'mask', 'do', 'dlse', 'scale']);
  expect(changesOf(rules, { ...simplest, ...all }, c, undefined).at(-1)).toEqual({ change: 'scale', to: 1 });
  expect(changeRules(softmax, capable({ gradients: false }), []).map(({ name }) => name)).not.toContain('do');
  expect(namesOf(simplest)).toEqual([]);
});

it('fewer fields change less, whatever the others are', () => {
  const fields = fc.subarray(Object.keys(all));
  fc.assert(
    fc.property(fields, fields, (some, others) => {
      const of = (names: string[]) => namesOf({ ...simplest, ...Object.fromEntries(names.map((name) => [name, 1])) });
      const both = [...new Set([...some, ...others])];
      expect(of(both)).toEqual(expect.arrayContaining([...of(some), ...of(others)]));
      expect(of(both)).toHaveLength(new Set([...of(some), ...of(others)]).size);
    }),
  );
});

it('a mask by name becomes the nearest that differs', () => {
  const place = rules.findIndex(({ name }) => name === 'mask');
  const flat = { ...simplest, [`change${place}`]: 1, document0: 2 };
  const documents = (other: typeof simplest) => ({ mask: { name: 'document', parameters: { lengths: [other.document0, 3] } } });
  const changed = changesOf(rules, flat, { ...c, ...documents(flat) }, documents);
  expect(changed).toEqual([{ change: 'mask', to: { name: 'document', parameters: { lengths: [3, 3] } } }]);
  // one that has no parameters has none
  expect(changesOf(rules, flat, c, () => ({ mask: c.mask }))).toEqual([]);
});

it('packed documents always change their lengths', () => {
  const flat: Record<string, number> = { ...simplest };
  changeLengths(rules, flat);
  expect(Object.entries(flat).filter(([name, value]) => name.startsWith('change') && value > 0)).toHaveLength(1);
  changeLengths([], flat);
});

it('an option by which sizes are computed is never changed: the tensors would not fit', () => {
  const axes = { c: { size: ['-', 0, ['floor', ['/', ['-', 0, '#n'], '$block']]] } } as Operator['axes'];
  const options = {
    ...softmax.options,
    block: { default: 2, values: [2, 1] },
    blocks: { default: 1, values: [1, 2] },
  } as Operator['options'];
  const withBlocks = { ...softmax, axes, options };
  const names = changeRules(withBlocks, capable({}), []).flatMap(({ name, kind }) => (kind === 'option' ? [name] : []));
  expect(names).toEqual(expect.arrayContaining(['scale', 'blocks']));
  expect(names).not.toContain('block');
  const moba = library.operators.get('moba') as Operator;
  const changed = (name: string): Case => ({
    ...c,
    operator: 'moba',
    dims: withComputedAxes(moba, { ...c.dims, m: 4, n: 4 }, { block: 1 }),
    mask: { name: 'causal' },
    options: { block: 1 },
    values: { ...c.values, transform: [{ change: name, to: 2 }] },
  });
  expect(() => validateCase(library, changed('top'), 'case')).not.toThrow();
  expect(() => validateCase(library, changed('block'), 'case')).toThrow(/found 2, which makes c 2: a change must keep it at 4/);
});
