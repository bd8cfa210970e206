import { drawnAxesOf, tiesOf, withComputedAxes } from '../../spec/operator/axes.js';
import { listedMasks } from '../../spec/operator/facts.js';
import type { Case, Dims, Mask, Operator } from '../../spec/types/documents.js';

/** First mask that the operator lists; causal if it takes any, as a row of each length shows more than a square. */
export function pictureMask(operator: Operator): string {
  return listedMasks(operator)?.[0] ?? 'causal';
}

/** One head, no optional input, float64. @param tokens number of queries and of keys. */
export function smallCase(operator: Operator, mask: Mask, tokens: number): Case {
  const options = smallOptions(operator, tokens);
  return {
    operator: operator.name,
    dims: smallDims(operator, tokens, options),
    mask,
    options,
    dtype: 'f64',
    layout: 'bhld',
    values: { distribution: 'normal', seed: 0 },
  };
}

/** First drawable values of integer options, if a default exceeds `tokens` and would be inert. */
function smallOptions({ options = {} }: Operator, tokens: number): Record<string, number> {
  const whole = Object.entries(options).filter(([, option]) => Number.isInteger(option.default) && option.values !== undefined);
  if (!whole.some(([, option]) => (option.default as number) > tokens)) return {};
  return Object.fromEntries(whole.map(([name, { values = [] }]) => [name, values[0]]));
}

function smallDims(operator: Operator, tokens: number, options: Case['options']): Dims {
  const dims: Dims = { b: 1, hk: 1, g: 1, m: tokens, n: tokens, d: 8, e: 2 };
  for (const { name, least, most } of drawnAxesOf(operator)) dims[name] = Math.min(Math.max(least, 4), most);
  // a tied size may set the next one
  const ties = tiesOf(operator);
  for (const _ of ties) for (const [x, y] of ties) dims[y] = dims[x] ?? dims[y];
  return withComputedAxes(operator, dims, options);
}
