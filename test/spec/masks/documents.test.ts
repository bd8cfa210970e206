import { describe, expect, it } from 'vitest';
import { checkDocument } from '../../../spec/documents.js';
import { checkMaskSpec } from '../../../spec/mask/check-spec.js';
import { maskDocuments } from '../../../spec/masks/index.js';

describe('the masks that come with the suite', () => {
  it('are the fourteen, and those that stand apart', () => {
    expect(maskDocuments.filter(({ apart }) => apart).map((m) => m.name)).toEqual(['star']);
    expect(maskDocuments.filter(({ apart }) => !apart).map((m) => m.name)).toEqual([
      'full',
      'causal',
      'document',
      'document-causal',
      'share-question',
      'causal-blockwise',
      'prefix-causal',
      'prefix-document',
      'sliding-window',
      'global-sliding-window',
      'block-causal-document',
      'block-sparse',
      'variable-block-sparse',
      'padding',
    ]);
  });

  it.each(maskDocuments.map((m) => [m.name, m] as const))('%s fits its schema, and means something', (name, mask) => {
    expect(checkDocument('maskSpec', mask, name)).toBe(mask);
    expect(() => checkMaskSpec(mask)).not.toThrow();
  });
});
