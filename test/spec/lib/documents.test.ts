import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { checkDocument, DocumentError, type DocumentKind, parseDocument } from '../../../spec/lib/documents.js';

const kinds: DocumentKind[] = ['capabilities', 'case', 'config', 'expectations', 'failure', 'maskSpec', 'operator', 'profile', 'result'];
const good = {
  operator: 'softmax',
  dims: { b: 1, hk: 1, g: 1, m: 1, n: 1, d: 1, e: 1 },
  mask: { name: 'full' },
  options: {},
  dtype: 'f32',
  layout: 'bhld',
  values: { distribution: 'normal', seed: 0 },
};

function faultOf(value: unknown): DocumentError {
  try {
    checkDocument('case', value, 'case.json');
  } catch (error) {
    if (error instanceof DocumentError) return error;
    throw error;
  }
  throw new Error('the document was accepted');
}

describe('checkDocument', () => {
  test('gives a good document back', () => {
    expect(checkDocument('case', good, 'case.json')).toBe(good);
  });

  test('names the document, the path, what was found and what is allowed', () => {
    expect(faultOf({ ...good, dims: { ...good.dims, m: 0 } })).toMatchObject({ document: 'case.json', path: '$.dims.m' });
    expect(faultOf({ ...good, dtype: 'f33' }).message).toMatch(/case\.json: at \$\.dtype: found "f33", allowed: "f64", "f32"/);
    expect(faultOf({ ...good, extra: 1 })).toMatchObject({
      path: '$.extra',
      problem: expect.stringContaining('this key is not known here; nearest of'),
    });
    expect(faultOf({ ...good, dytpe: 'f32' }).problem).toContain(': "dtype"');
    const { layout, ...missing } = good;
    expect(layout).toBe('bhld');
    expect(faultOf(missing).problem).toMatch(/"layout" is missing/);
  });

  test.prop([fc.constantFrom(...kinds), fc.jsonValue({ maxDepth: 4 })], { numRuns: 500 })(
    'throws a DocumentError or accepts, whatever comes in',
    (kind, value) => {
      try {
        checkDocument(kind, value, 'fuzz');
      } catch (error) {
        expect(error).toBeInstanceOf(DocumentError);
        expect((error as DocumentError).path).toMatch(/^\$/);
      }
    },
  );

  test.prop([fc.string()])('says of text that is not JSON that it is not', (text) => {
    try {
      parseDocument('case', text, 'fuzz');
    } catch (error) {
      expect(error).toBeInstanceOf(DocumentError);
    }
  });
});
