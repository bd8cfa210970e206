import { describe, expect, it } from 'vitest';
import { checkDocument } from '../../spec/lib/documents.js';
import { operatorDocuments } from '../../spec/operators/index.js';
import { undefinedOperators } from '../../spec/undefined-operators.js';
import document from '../../spec/undefined-operators.json' with { type: 'json' };

describe('operators without a definition', () => {
  it('are a document of their kind', () => {
    expect(checkDocument('undefinedOperators', document, 'undefined-operators.json').operators).toEqual(undefinedOperators);
  });

  it('have names that no operator has, each once', () => {
    const names = [...undefinedOperators, ...operatorDocuments].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
