import { describe, expect, it } from 'vitest';
import { createLibrary } from '../../../spec/library.js';
import type { Scheme } from '../../../spec/types/documents.js';
import { caseFor, type SchemeLoad } from '../../../suites/simulate/request.js';

const library = createLibrary();
const load: SchemeLoad = { mask: { name: 'causal' }, heads: 8, keyHeads: 2, dim: 64, dtype: 'bf16', batch: 1, backward: false };
const optionsOf = (name: string, tokens: number) =>
  caseFor(library, library.schemes.get(name) as Scheme, { scheme: name, ranks: 4, tokens }, load).options;

describe('what a scheme is asked to imagine', () => {
  it('has sizes of long contexts where the operator has its own', () => {
    expect(optionsOf('apb', 65536)).toEqual({ block: 16384, anchor: 4096, top: 2048 });
    expect(optionsOf('longnet', 65536)).toEqual({ segment: 2048 });
    expect(optionsOf('ring', 65536)).toEqual({});
  });

  it('never asks for more than there is', () => {
    expect(optionsOf('longnet', 16)).toEqual({ segment: 16 });
    expect(optionsOf('apb', 3)).toEqual({ block: 1, anchor: 1, top: 1 });
  });
});
