import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveCapabilities } from '../../../../spec/claims/capabilities.js';
import { Claims } from '../../../../spec/claims/claims.js';
import { DocumentError } from '../../../../spec/lib/documents.js';
import { createLibrary } from '../../../../spec/library.js';
import type { Case, Failure } from '../../../../spec/types/documents.js';
import type { Property } from '../../../../suites/contract/property.js';
import { readCorpus } from '../../../../suites/plan/corpus/read-corpus.js';
import { corpusName, saveFailures } from '../../../../suites/plan/corpus/save-failures.js';
import { propertyNamed } from '../../../../suites/properties/index.js';
import { replayedCases } from '../../../../suites/runner/run/replayed-cases.js';
import { check, madeUp } from '../../../reports/made-up.js';
import { scratch } from '../../runner/run-kernels.js';

const library = createLibrary();
const theCase: Case = {
  operator: 'softmax',
  dims: { b: 1, hk: 1, g: 2, m: 3, n: 3, d: 8, e: 8 },
  mask: { name: 'causal' },
  options: { scale: 0.5 },
  dtype: 'f32',
  layout: 'bhld',
  dialect: { causal: 'top-left' },
  values: { distribution: 'normal', seed: 7 },
};
const failure: Failure = {
  format: 1,
  check: 'softmax/causal/oracle/f32',
  adapter: { id: 'mine', title: 'mine', version: null, capabilities: { dtypes: ['f32'], operators: ['softmax'] } },
  case: theCase,
  verdict: 'fail',
  class: 'value',
  suite: '0.1.0',
  spec: {},
  environment: {},
};

describe('reading', () => {
  const read = (document: unknown, text = JSON.stringify(document)) => {
    const folder = scratch();
    writeFileSync(join(folder, 'a.json'), text);
    return () => readCorpus(folder, library);
  };

  it('gives the failures by name, and none of a folder that is not there', () => {
    const folder = scratch();
    for (const name of ['b.json', 'a.json', 'notes.txt']) writeFileSync(join(folder, name), JSON.stringify(failure));
    expect(readCorpus(folder, library).map((e) => e.document)).toEqual([join(folder, 'a.json'), join(folder, 'b.json')]);
    expect(readCorpus(join(folder, 'absent'), library)).toEqual([]);
  });

  it.each<[string, object, RegExp]>([
    ['the schema', { format: 2 }, /a\.json: at \$\.format/],
    ['its case', { case: { ...theCase, mask: { name: 'causl' } } }, /a\.json: at .*causl/],
    ['its check', { check: 'softmax/causal/oracle/f16' }, /a\.json: at \$\.check: found "softmax\/causal\/oracle\/f16", but its case/],
    ['the form of a check', { check: 'softmax' }, /a\.json: at \$\.check/],
  ])('refuses what breaks %s, and names it', (_, change, message) => {
    expect(read({ ...failure, ...change })).toThrow(message);
  });

  it('of any text throws nothing but DocumentError', () => {
    const whole = JSON.stringify(failure);
    const torn = fc.nat(whole.length - 1).map((length) => whole.slice(0, length));
    const folder = scratch();
    fc.assert(
      fc.property(fc.oneof(torn, fc.string(), fc.json()), (text) => {
        writeFileSync(join(folder, 'a.json'), text);
        expect(() => readCorpus(folder, library)).toThrow(DocumentError);
      }),
      { numRuns: 60 },
    );
  });
});

describe('saving', () => {
  it('keeps what nobody expected, each failure once, and what is there already as it is', () => {
    const [out, folder] = [scratch(), scratch()];
    const folders = ['failures/mine/a', 'failures/mine/b', 'failures/mine/c'];
    for (const [i, name] of folders.entries()) {
      mkdirSync(join(out, name), { recursive: true });
      writeFileSync(join(out, name, 'failure.json'), JSON.stringify({ ...failure, class: `class-${i}` }));
    }
    const summary = (place: number) => ({ folder: folders[place], case: theCase, reproduced: 5 });
    const result = {
      ...madeUp,
      checks: [
        check('mine', 'a', { verdict: 'fail', failure: summary(0) }),
        check('mine', 'b', { verdict: 'fail', expected: true, failure: summary(1) }),
        check('mine', 'c', { verdict: 'error', failure: summary(2) }),
        check('mine', 'd', {}),
      ],
    };
    const saved = saveFailures(folder, out, result);
    expect(saved).toEqual([corpusName({ ...failure, class: 'class-0' })]);
    expect(readdirSync(folder)).toEqual(saved);
    writeFileSync(join(folder, saved[0]), JSON.stringify({ ...failure, class: 'class-0', message: 'looked at' }));
    expect(saveFailures(folder, out, result)).toEqual([]);
    expect(readFileSync(join(folder, saved[0]), 'utf8')).toContain('looked at');
  });
});

describe('replaying to an implementation', () => {
  const claims = { dtypes: ['f32'], operators: ['softmax'], masks: ['full', 'causal'], options: ['scale', 'sink'] };
  const replayed = (c: Case, more: object = {}, property = 'oracle', settings?: object) =>
    replayedCases([c, c], {
      claims: Claims.of(library, resolveCapabilities({ ...claims, ...more }, 'test')),
      property: propertyNamed(property) as Property,
      settings,
    });

  it('gives a case once, in its own dialect, first of all', () => {
    const [drawn, ...rest] = replayed(theCase);
    expect(rest).toEqual([]);
    expect(drawn.index).toBeLessThan(0);
    expect(drawn.value.value).toEqual({ ...theCase, dialect: undefined });
    expect(replayed(theCase, { dialect: { lseBase: '2' } })[0].value.value.dialect).toEqual({ lseBase: '2' });
  });

  it.each<[string, Case, object]>([
    ['a size', theCase, { limits: { d: [64] } }],
    ['head sharing', theCase, { grouped: false }],
    ['an option', theCase, { options: ['sink'] }],
    ['a mask', theCase, { masks: ['full'] }],
    ['a layout', { ...theCase, layout: 'blhd' }, {}],
    ['strides', { ...theCase, views: { q: { pad: 3 } } }, {}],
    ['what is excluded', theCase, { excludes: [{ mask: { name: 'causal' } }] }],
  ])('leaves out %s that is not claimed', (_, c, more) => {
    expect(replayed(c, more)).toEqual([]);
  });

  it('gives a mask dense where it is claimed so', () => {
    expect(replayed(theCase, { masks: ['full'], denseMask: 'boolean' })).toHaveLength(1);
  });

  it('gives parts of the keys only where their masks can be given', () => {
    const split = { ...theCase, split: [1, 2] };
    expect(replayed(split, {}, 'lse-merge')).toEqual([]);
    expect(replayed(split, { denseMask: 'boolean', outputs: ['o', 'lse'] }, 'lse-merge')).toHaveLength(1);
  });

  it('gives a scheme those of the ranks and the transport of the run', () => {
    const c: Case = { ...theCase, dims: { ...theCase.dims, m: 8, n: 8 }, parallel: { scheme: 'ring', ranks: 4 } };
    expect(replayed(c, {}, 'single-device')).toHaveLength(1);
    expect(replayed(c, {}, 'single-device', { ranks: [2, 4] })).toHaveLength(1);
    expect(replayed(c, {}, 'single-device', { ranks: [2] })).toEqual([]);
    expect(replayed(c, {}, 'single-device', { transport: 'mpi' })).toEqual([]);
  });
});
