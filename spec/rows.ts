import type { Rows } from './types/documents.js';

/** Numbers of the papers that a document covers, in part or as a whole. */
export function rowsOf({ rows }: { readonly rows?: Rows }): number[] {
  return (rows ?? []).map((row) => (typeof row === 'number' ? row : row.row));
}
