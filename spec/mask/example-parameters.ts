import type { MaskParameter, MaskParameters, MaskSpec } from '../types/documents.js';
import { exampleInteger } from './parameters.js';

/** Window, block and prefix in pictures of masks without an example. */
const exampleSize = 4;

/** The given parameters, or else an example for a picture. */
export function exampleParameters(spec: MaskSpec, given: MaskParameters | undefined, n: number): MaskParameters | undefined {
  if (given !== undefined || spec.parameters === undefined) return given;
  return Object.fromEntries(Object.entries(spec.parameters).map(([name, parameter]) => [name, exampleOf(parameter, n)]));
}

function exampleOf(parameter: MaskParameter, n: number): MaskParameters[string] {
  const { type, choices = [] } = parameter;
  const quarter = Math.ceil(n / 4 / exampleSize) * exampleSize;
  switch (type) {
    case 'integer':
      return exampleInteger(parameter, n) ?? Math.min(exampleSize, n);
    case 'share':
      return 0.5;
    case 'seed':
      return 0;
    case 'lengths':
      return 2 * quarter < n ? [quarter, quarter, n - 2 * quarter] : [n];
    case 'batch-lengths':
      return [Math.ceil((3 * n) / 4)];
    case 'choice':
      return choices[0];
  }
}
