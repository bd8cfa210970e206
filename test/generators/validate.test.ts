import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { drawCase } from '../../generators/lib/seeds.js';
import { validateCase } from '../../generators/validate.js';
import { caseArbitrary } from '../../generators/whole/case.js';
import { Claims } from '../../spec/claims/claims.js';
import { checkDocument, DocumentError } from '../../spec/lib/documents.js';
import type { Case } from '../../spec/types/documents.js';
import { capable, library, request } from './capable.js';

const base: Case = {
  operator: 'softmax',
  dims: { b: 2, hk: 1, g: 2, m: 4, n: 4, d: 8, e: 8 },
  mask: { name: 'causal' },
  options: { scale: 0.5, sink: true },
  dtype: 'f32',
  layout: 'bhld',
  values: { distribution: 'normal', seed: 1 },
};
const dims = (changes: Partial<Case['dims']>): Partial<Case> => ({ dims: { ...base.dims, ...changes } as Case['dims'] });
const twoSequences: Case['history'] = [
  { op: 'create', page: 2 },
  { op: 'append', sequences: [0], tokens: 3 },
  { op: 'append', sequences: [1], tokens: 1 },
];
const packed: Partial<Case> = { ...dims({ b: 1 }), layout: 'thd', packed: { q: [4], k: [4] } };
const window = (parameters: Record<string, number>) => ({ name: 'sliding-window', parameters });

/** A case of another operator whose inputs are filled with a number. */
function filled(operator: string, sizes: Record<string, number>, fill: string, value: number): Partial<Case> {
  return {
    operator,
    ...dims(sizes),
    mask: { name: 'full' },
    options: {},
    values: { distribution: 'normal', seed: 1, transform: [{ fill, with: value }] },
  };
}

const fillPath = '$.values.transform[0].with';

describe('a case that means something', () => {
  const sound: [string, Partial<Case>][] = [
    ['plain', {}],
    ['an index beyond the keys, where one is an empty slot', filled('gathered', { t: 2, u: 3 }, 'at', 4)],
    ['long, with a mask by name', dims({ m: 8192, n: 8192, b: 1, g: 1 })],
    ['long, without a mask', { ...dims({ m: 65536, n: 65536 }), mask: { name: 'full' } }],
    ['split', { split: [0, 3, 1, 0] }],
    ['with views', { views: { q: { order: 'lbdh' }, v: { order: 'bhle', pad: 3 } } }],
    ['a block', { ...dims({ n: 2 }), block: { queries: [0, 4], keys: [4, 6], of: { name: 'causal' }, whole: [4, 6] } }],
    ['packed', { ...dims({ b: 1 }), layout: 'thd', packed: { q: [4, 0], k: [1, 3] } }],
    ['for reading out the mask', { values: { distribution: 'visibility', seed: 0, columns: 3 } }],
    ['for reading out the weights', { values: { distribution: 'normal', seed: 0, columns: 3 } }],
    [
      'for reading out the weights of tokens that the last call does not read',
      { ...dims({ b: 1, m: 1, n: 1 }), options: {}, history: twoSequences, values: { distribution: 'normal', seed: 0, columns: 3 } },
    ],
    [
      'for reading out the weights of a backward pass',
      { ...dims({ g: 2, m: 3 }), values: { distribution: 'normal', seed: 0, queries: 5 } },
    ],
  ];
  test.each(sound)('%s', (_, changes) => {
    const c = { ...base, ...changes };
    checkDocument('case', c, 'case');
    expect(() => validateCase(library, c, 'my case')).not.toThrow();
  });
});

describe('a case that means nothing', () => {
  const faults: [string, Partial<Case>, string, RegExp][] = [
    ['an unknown operator', { operator: 'softmx' }, '$.operator', /"softmax"/],
    ['an axis that the operator lacks', dims({ r: 3 }), '$.dims.r', /no such axis/],
    [
      'queries apart from the keys they share an axis with',
      { operator: 'linear-causal', ...dims({ m: 3 }), mask: { name: 'full' }, options: {} },
      '$.dims.m',
      /must be n = 4/,
    ],
    ['tensors beyond memory', dims({ n: 16777216 }), '$.dims', /elements, allowed/],
    ['a bias beyond memory', { ...dims({ m: 16384, n: 16384 }), options: { bias: true } }, '$.dims', /elements, allowed/],
    ['a mask beyond memory', dims({ m: 40000, n: 40000 }), '$.dims', /cells, allowed/],
    ['an unknown option', { options: { scael: 1 } }, '$.options.scael', /"scale"/],
    ['a switch for a number', { options: { softcap: true } }, '$.options.softcap', /must be a number/],
    ['a number for a tensor', { options: { sink: 1 } }, '$.options.sink', /must be true/],
    ['a softcap of 0', { options: { softcap: 0 } }, '$.options.softcap', /more than 0/],
    ['an unknown mask', { mask: { and: [{ name: 'full' }, { name: 'casual' }] } }, '$.mask.and[1].name', /"causal"/],
    ['a mask parameter that is missing', { mask: window({ left: 1 }) }, '$.mask.parameters.right', /./],
    ['a mask parameter that is unknown', { mask: window({ left: 1, right: 1, top: 1 }) }, '$.mask.parameters.top', /./],
    ['documents that do not add up', { mask: { name: 'document', parameters: { lengths: [1, 2] } } }, '$.mask.parameters.lengths', /4/],
    [
      'm and n apart under a mask that needs them equal',
      { ...dims({ m: 3 }), mask: { name: 'document', parameters: { lengths: [4] } } },
      '$.mask',
      /./,
    ],
    ['a mask that the operator lacks', { operator: 'linear', options: {} }, '$.mask', /linear allows: full/],
    ['a split that does not add up', { split: [1, 2] }, '$.split', /add up to n = 4/],
    [
      'columns of long inputs',
      { values: { distribution: 'targeted', seed: 0, columns: 1 } },
      '$.values.columns',
      /"targeted", which sets v/,
    ],
    ['a column beyond the keys', { values: { distribution: 'visibility', seed: 0, columns: 4 } }, '$.values.columns', /less than n = 4/],
    [
      'a column beyond the tokens of a history',
      { ...dims({ b: 1, m: 1, n: 1 }), options: {}, history: twoSequences, values: { distribution: 'normal', seed: 0, columns: 4 } },
      '$.values.columns',
      /less than the history's 4/,
    ],
    [
      'queries of long inputs',
      { values: { distribution: 'targeted', seed: 0, queries: 1 } },
      '$.values.queries',
      /"targeted", which sets v and do/,
    ],
    [
      'a query beyond those of a key head',
      { ...dims({ g: 2, m: 3 }), values: { distribution: 'normal', seed: 0, queries: 6 } },
      '$.values.queries',
      /less than the 6 of a key head/,
    ],
    [
      'queries beside rows that are not judged',
      { values: { distribution: 'normal', seed: 0, queries: 0, rows: 2 } },
      '$.values.queries',
      /beside \$\.values\.rows/,
    ],
    [
      'queries of an operator whose outputs are no rows of values',
      {
        operator: 'rollout',
        ...dims({ l: 2, n2: 4, n3: 4 }),
        mask: { name: 'full' },
        options: {},
        values: { distribution: 'normal', seed: 0, queries: 0 },
      },
      '$.values.queries',
      /outputs of rollout are not rows of values/,
    ],
    ['an order that repeats an axis', { views: { k: { order: 'bhll' } } }, '$.views.k.order', /permutation of "bhld"/],
    [
      'a block beyond the whole',
      { ...dims({ n: 2 }), block: { queries: [0, 4], keys: [5, 7], of: { name: 'full' }, whole: [4, 6] } },
      '$.block.keys',
      /within the whole length: 6/,
    ],
    [
      'a block of another length',
      { block: { queries: [0, 3], keys: [0, 4], of: { name: 'full' }, whole: [4, 6] } },
      '$.block.queries',
      /4/,
    ],
    [
      'an unknown mask of the whole',
      { block: { queries: [0, 4], keys: [0, 4], of: { name: 'ful' }, whole: [4, 6] } },
      '$.block.of.name',
      /"full"/,
    ],
    ['packed lengths in another layout', { packed: { q: [4], k: [4] } }, '$.packed', /must be absent with layout ".*": only "thd"/],
    ['a packed layout without lengths', { layout: 'thd' }, '$.packed', /needs the lengths/],
    ['packed batches', { layout: 'thd', packed: { q: [4], k: [4] } }, '$.dims.b', /must be 1/],
    ['packed views', { ...packed, views: { q: { pad: 1 } } }, '$.views', /must be absent in a case with packed/],
    ['a packed split', { ...packed, split: [4] }, '$.split', /must be absent in a case with packed/],
    ['a packed bias', { ...packed, options: { bias: true } }, '$.options.bias', /no dense tensors are defined/],
    ['a packed composition', { ...packed, mask: { not: { name: 'causal' } } }, '$.mask', /must be a named mask/],
    ['a packed mask with tables', { ...packed, mask: { name: 'document', parameters: { lengths: [4] } } }, '$.mask', /without tables/],
    [
      'a packed mask that needs as many queries as keys',
      { ...packed, packed: { q: [3, 1], k: [1, 3] }, mask: { name: 'prefix-causal', parameters: { prefix: 1 } } },
      '$.mask',
      /needs m = n, found m = 3, n = 1/,
    ],
    [
      'an index beyond the keys',
      filled('prob-sparse', { t: 2, m2: 4 }, 'at', 4),
      fillPath,
      /found 4, must be a whole number.*less than n = 4/,
    ],
    ['an index that is no place', filled('gathered', { t: 2, u: 3 }, 'at', 0.5), fillPath, /found 0.5, must be a whole number/],
    ['a gate that lets a state grow', filled('gla', { t: 4 }, 'gate', 0.1), fillPath, /found 0.1, must be 0 or less/],
    ['a scale of 0', filled('fp8-write', { g: 1 }, 'scale', 0), fillPath, /found 0, must be more than 0: it is a scale/],
    [
      'a key with another score, beyond the keys',
      { values: { distribution: 'normal', seed: 1, transform: [{ plant: 7, of: 'k', key: 4 }] } },
      '$.values.transform[0].key',
      /found 4, must be a key: less than n = 4/,
    ],
    [
      'another number of blocks than the sizes make',
      { operator: 'q8-0-cache', ...dims({ kb: 2, vb: 1, r: 32 }), mask: { name: 'full' }, options: {} },
      '$.dims.kb',
      /found 2, must be 1/,
    ],
    [
      'a block of which no half is whole',
      { operator: 'q4-0-cache', ...dims({ kb: 3, vb: 3, r: 3, y: 1 }), mask: { name: 'full' }, options: { block: 3 } },
      '$.dims.y',
      /would be 1\.5: q4-0-cache computes it as .*\$block.*choose sizes and options/,
    ],
    ['packed lengths that do not add up', { layout: 'thd', packed: { q: [4], k: [3] } }, '$.packed.k', /add up to n = 4/],
  ];
  test.each(faults)('%s', (_, changes, path, problem) => {
    const c = { ...base, ...changes };
    checkDocument('case', c, 'case');
    let thrown: unknown;
    try {
      validateCase(library, c, 'my case');
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(DocumentError);
    expect(thrown).toMatchObject({ document: 'my case', path });
    expect((thrown as DocumentError).problem).toMatch(problem);
  });
});

const junk = fc.oneof(
  fc.integer({ min: -2, max: 40 }),
  fc.constantFrom('full', 'causal', true, 1e9, 0.5),
  fc.array(fc.nat(9), { maxLength: 4 }),
  fc.constant({ name: 'padding' }),
);

test.prop([fc.nat(), fc.array(fc.tuple(fc.nat(), junk), { minLength: 1, maxLength: 3 })])(
  'a damaged case is refused as a document, or sound',
  (seed, damages) => {
    const arbitrary = caseArbitrary(Claims.of(library, capable()), request({ feature: 'all', needs: { views: true, split: true } }));
    const c = structuredClone(drawCase(arbitrary, seed).value) as unknown;
    // a copy of each, since a value may be damaged by itself
    for (const [place, value] of damages) damage(c, place, structuredClone(value));
    try {
      validateCase(library, checkDocument('case', c, 'case'), 'case');
    } catch (error) {
      expect(error).toBeInstanceOf(DocumentError);
    }
  },
);

/** Overwrites one of the document's values. */
function damage(document: unknown, place: number, value: unknown): void {
  const spots: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      spots.push([node as Record<string, unknown>, key]);
      walk((node as Record<string, unknown>)[key]);
    }
  };
  walk(document);
  const [node, key] = spots[place % spots.length];
  node[key] = value;
}
