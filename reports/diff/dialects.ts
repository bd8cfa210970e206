import type { Result } from '../../spec/types/documents.js';
import { adapterPairs } from './adapters.js';

/** Change of an axis of the dialect that an adapter is judged by. */
export interface DialectChange {
  readonly adapter: string;
  readonly axis: string;
  readonly old: string;
  readonly now: string;
}

/** Changes of the axes that both results have. */
export function dialectChanges(old: Result, now: Result): DialectChange[] {
  return adapterPairs(old, now).flatMap(({ id, old: before, now: after }) =>
    Object.entries(before.dialect).flatMap(([axis, { value }]) => {
      const other = Object.hasOwn(after.dialect, axis) ? after.dialect[axis].value : value;
      return other === value ? [] : [{ adapter: id, axis, old: value, now: other }];
    }),
  );
}
