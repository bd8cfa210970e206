import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkDocument } from '../../../spec/lib/documents.js';
import { checkMaskSpec } from '../../../spec/mask/check-spec.js';
import { maskDocuments } from '../../../spec/masks/index.js';

const folder = fileURLToPath(new URL('../../../spec/masks/', import.meta.url));

describe('the masks that come with the suite', () => {
  it('have names of their own, by which their files are called', () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
    expect(maskDocuments.map((m) => `${m.name}.json`)).toEqual(files.sort());
  });

  it.each(maskDocuments.map((m) => [m.name, m] as const))('%s fits its schema, and means something', (name, mask) => {
    expect(checkDocument('maskSpec', mask, name)).toBe(mask);
    expect(() => checkMaskSpec(mask)).not.toThrow();
  });
});
