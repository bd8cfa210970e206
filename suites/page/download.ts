/// <reference lib="dom" />
import { checkDocument } from '../../spec/documents.js';
import type { Result } from '../../spec/types/documents.js';

/** Hands the result document to the reader as a file. @throws {DocumentError} where it breaks its own schema. */
export function downloadResult(result: Result): void {
  checkDocument('result', result, 'result.json');
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(result, null, 2)}\n`], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'result.json';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
