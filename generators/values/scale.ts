import type { Case } from '../../spec/types/documents.js';

/** Factor of q·k; never 0. */
export function scaleOf(c: Case): number {
  const given = c.options.scale;
  if (typeof given === 'number' && given !== 0) return given;
  return c.dialect?.defaultScale === '1' ? 1 : 1 / Math.sqrt(c.dims.d);
}
