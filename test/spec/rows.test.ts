import { describe, expect, it } from 'vitest';
import { maskDocuments } from '../../spec/masks/index.js';
import { operatorDocuments } from '../../spec/operators/index.js';
import { rowsOf } from '../../spec/rows.js';
import { schemeDocuments } from '../../spec/schemes/index.js';
import { undefinedOperators, undefinedPapers } from '../../spec/undefined-operators.js';

/** Papers that the suite began with. */
const papers = Array.from({ length: 119 }, (_, i) => i + 1);

const working = new Set([...operatorDocuments, ...maskDocuments, ...schemeDocuments].flatMap(rowsOf));
const undefinedRows = [...undefinedOperators.flatMap(({ row }) => row ?? []), ...undefinedPapers.map(({ row }) => row)];

describe('papers that the suite began with', () => {
  it('are each either part of a document or without a definition, once', () => {
    expect(new Set(undefinedRows).size).toBe(undefinedRows.length);
    expect(undefinedRows.filter((row) => working.has(row))).toEqual([]);
    const listed = new Set([...working, ...undefinedRows]);
    expect(papers.filter((row) => !listed.has(row))).toEqual([]);
  });

  it('are no others', () => {
    expect([...working, ...undefinedRows].filter((row) => !papers.includes(row))).toEqual([]);
  });

  it('a document names each once', () => {
    for (const document of [...operatorDocuments, ...maskDocuments, ...schemeDocuments])
      expect(new Set(rowsOf(document)).size, document.name).toBe(rowsOf(document).length);
  });
});
