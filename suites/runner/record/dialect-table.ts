import { type DialectAxis, dialectAxes, fullDialect } from '../../../spec/dialect.js';
import type { AdapterResult, Dialect } from '../../../spec/types/documents.js';

/** Dialect by which an adapter is judged, and its sources. */
export function dialectTable(declared: Dialect, flags: Dialect): AdapterResult['dialect'] {
  const full = fullDialect({ ...declared, ...flags });
  const from = (axis: DialectAxis) => (flags[axis] !== undefined ? 'flag' : declared[axis] !== undefined ? 'declared' : 'default');
  return Object.fromEntries((Object.keys(dialectAxes) as DialectAxis[]).map((axis) => [axis, { value: full[axis], from: from(axis) }]));
}
