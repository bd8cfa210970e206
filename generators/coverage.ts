import { type FullCapabilities, neverDense } from '../spec/claims/capabilities.js';
import type { CompiledMask } from '../spec/mask/compile/compiled-mask.js';
import type { Case, Mask } from '../spec/types/documents.js';
import { historyLabels } from './history/labels.js';
import { hasHiddenKey, maskTraits, TILE } from './mask/traits.js';
import { longInputs } from './values/long-inputs.js';
import { parts } from './whole/parts.js';

const HIDDEN_KEY_CELLS = 2 ** 16;

/** Labels of the special properties of a case, which a run counts. */
export function coverageLabels(c: Case, mask: CompiledMask, capabilities: FullCapabilities): string[] {
  const { b, hk, g, m, n, d, e } = c.dims;
  const heads = hk * g;
  const labels = [`values:${c.values.distribution}`, ...changeLabels(c)];
  const add = (label: string, holds: boolean) => {
    if (holds) labels.push(label);
  };
  if (capabilities.options.includes('scale')) labels.push(c.options.scale === undefined ? 'default-scale' : 'given-scale');
  for (const option of Object.keys(c.options)) add(option, option !== 'scale');
  // without dense tensors, masks have no checks by name
  if (neverDense(capabilities) !== undefined && 'name' in c.mask) labels.push(`mask:${c.mask.name}`);
  add('b>1', b > 1);
  add('g>1', g > 1);
  add('m<n', m < n);
  add('m>n', m > n);
  add('e<d', e < d);
  add('e>d', e > d);
  add('h=l', heads > 1 && (heads === m || heads === n));
  add('long', n >= 1000 && m <= 4);
  add('n=4096', n === 4096);
  // production sizes, with separate code paths in kernels
  add('d>=64', d >= 64 || e >= 64);
  add('g>=5', g >= 5);
  add('b>=5', b >= 5);
  add('heads>=17', heads >= 17);
  add('n>=300', n >= 300);
  add('m,n>=128', m >= 128 && n >= 128);
  add(`keys:${n}`, longInputs[c.values.distribution] !== undefined);
  add('sampled-rows', c.values.rows !== undefined);
  add('tail', n % TILE !== 0);
  add('three-tiles-or-more', n > 2 * TILE);
  add('composed', !('name' in c.mask));
  add('batch-mask', mask.perBatch && b > 1);
  const documents = c.packed?.q.map((queries, x) => ({ queries, keys: c.packed?.k[x] as number })) ?? [];
  const emptyPacked = documents.some(({ queries, keys }) => queries === 0 || keys === 0);
  add('packed', c.packed !== undefined);
  add('zero-length-document', emptyPacked || hasEmptyDocument(c.mask, n));
  add(
    'packed:keys-without-queries',
    documents.some(({ queries, keys }) => queries === 0 && keys > 0),
  );
  add(
    'packed:queries-without-keys',
    documents.some(({ queries, keys }) => queries > 0 && keys === 0),
  );
  const traits = maskTraits(mask);
  add('empty-row', traits.emptyRow);
  add('wiped-tile', traits.wipedTile);
  add('hidden-key', m * n <= HIDDEN_KEY_CELLS && hasHiddenKey(mask, hk, capabilities.dialect.heads === 'tiled'));
  add('other-layout', !c.packed && c.layout !== capabilities.layouts.find((layout) => layout !== 'thd'));
  labels.push(...historyLabels(c), ...parts.flatMap((part) => part.labels?.(c) ?? []));
  return labels;
}

function changeLabels({ values: { transform = [] } }: Case): string[] {
  return transform.flatMap((change) => ('change' in change ? [`change:${change.change}`] : []));
}

/** True if a mask has a document of length 0, unlike padding, with lengths that add up to n. */
function hasEmptyDocument(mask: Mask, n: number): boolean {
  if ('name' in mask) {
    const lengths = mask.name === 'padding' ? undefined : mask.parameters?.lengths;
    return Array.isArray(lengths) && lengths.includes(0) && lengths.reduce((a, b) => a + b, 0) === n;
  }
  const parts = 'and' in mask ? mask.and : 'or' in mask ? mask.or : 'heads' in mask ? mask.heads : [mask.not];
  return parts.some((part) => hasEmptyDocument(part, n));
}
