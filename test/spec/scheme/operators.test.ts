import { describe, expect, test } from 'vitest';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { claimsInside } from '../../../spec/claims/inside-scheme.js';
import { createLibrary } from '../../../spec/library.js';
import type { Scheme } from '../../../spec/types/documents.js';

const ring = createLibrary().schemes.get('ring') as Scheme;
const linear: Scheme = { ...ring, name: 'my-linear', operators: ['linear-causal'] };

describe('the operators of a scheme', () => {
  test('must be in a document', () => {
    const added = (value: Scheme) => () => createLibrary([{ kind: 'scheme', document: 'mine.json', value }]);
    expect(added({ ...linear, operators: ['lineer'] })).toThrow(/mine\.json.*\$\.operators\[0\].*found "lineer"/s);
    expect(added({ ...linear, inside: ['softmax', 'none'] })).toThrow(/\$\.inside\[1\].*found "none"/s);
    expect(added(linear)).not.toThrow();
  });

  test('are what a kernel inside must claim, unless the document says what', () => {
    const library = createLibrary([{ kind: 'scheme', document: 'mine.json', value: linear }]);
    const softmaxAlone = resolveCapabilities(
      { dtypes: ['f32'], operators: ['softmax'], outputs: ['o', 'lse'], denseMask: 'boolean' },
      'test',
    );
    expect(claimsInside(library, softmaxAlone, linear)).toBe('linear-causal is not claimed');
    expect(claimsInside(library, softmaxAlone, { ...linear, inside: ['softmax'] })).toMatchObject({ operators: ['linear-causal'] });
  });

  test('without softmax inside need no LSE and no dense mask', () => {
    const both = resolveCapabilities({ dtypes: ['f32'], operators: ['softmax', 'linear-causal'], gradients: true }, 'test');
    expect(claimsInside(createLibrary(), both, ring)).toBe('the LSE is not claimed');
    expect(claimsInside(createLibrary(), both, linear)).toMatchObject({ operators: ['linear-causal'], gradients: ['q', 'k', 'v'] });
  });
});
