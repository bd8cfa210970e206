import type { Rows } from './types/documents.js';

/** Numbers of the papers that a document is a part or the whole of. */
export function rowsOf({ rows }: { readonly rows?: Rows }): number[] {
  return (rows ?? []).map((row) => (typeof row === 'number' ? row : row.row));
}
