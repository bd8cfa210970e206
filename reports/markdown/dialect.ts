import type { Result } from '../../spec/types/documents.js';
import { availableAdapters } from '../result/result.js';
import { boundedTable } from './bounded.js';
import { code } from './escape.js';

/** Axes on which an adapter departs from the default, and who says so; '' where none does. */
export function dialectTable(result: Result, bytes: number): string {
  const rows = availableAdapters(result).flatMap(({ id, dialect }) =>
    Object.entries(dialect)
      .filter(([, { from }]) => from !== 'default')
      .map(([axis, { value, from }]) => [code(id), code(axis), code(value), from]),
  );
  return boundedTable(['implementation', 'axis', 'value', 'by'], rows, 'llll', bytes);
}
