import { describe, expect, it } from 'vitest';
import { checkDocument } from '../../../spec/lib/documents.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import { checkOperator } from '../../../spec/program/check.js';

describe('operators', () => {
  it('have names of their own', () => {
    const names = operatorDocuments.map((o) => o.name);
    expect(names).toEqual([...new Set(names)]);
  });

  it.each(operatorDocuments.map((o) => [o.name, o] as const))('%s keeps the schema, and its program is sound', (name, operator) => {
    expect(checkDocument('operator', structuredClone(operator), name)).toEqual(operator);
    checkOperator(operator);
  });

  it.each(operatorDocuments.map((o) => [o.name, o] as const))('%s says where it comes from', (_, operator) => {
    expect(operator.source?.every(({ url }) => url?.startsWith('https://'))).toBe(true);
  });
});
