import type { InputFacts } from './facts.js';

/** Requirement that an input's element fails, if any. @param size of an index's axis. */
export function outsideDomain(
  { kind, draw }: Pick<InputFacts, 'kind' | 'draw'>,
  value: number,
  size: { readonly axis: string; readonly size: number } | undefined = undefined,
): string | undefined {
  if (kind === 'boolean') return value === 0 || value === 1 ? undefined : 'must be 0 or 1';
  if (kind === 'index') return outsideAxis(draw, value, size);
  // codes are cast, and a block of zeros has scale 0
  if (kind === 'code') return draw === 'scale' && !(value >= 0) ? 'must be 0 or more: it is a scale without a sign' : undefined;
  switch (draw) {
    case 'log-decay':
      return value <= 0 ? undefined : 'must be 0 or less: it is the logarithm of the decay of a state';
    case 'unit':
      return value >= 0 && value <= 1 ? undefined : 'must be from 0 to 1: it is a gate';
    case 'to-two':
      return value >= 0 && value <= 2 ? undefined : 'must be from 0 to 2: it is the strength of a write';
    case 'non-negative':
      return value >= 0 ? undefined : 'must be 0 or more';
    case 'positive':
      return value > 0 ? undefined : 'must be more than 0';
    case 'scale':
    case 'power':
      return value > 0 ? undefined : 'must be more than 0: it is a scale, which is divided by';
    case 'signed-scale':
      return value !== 0 && !Number.isNaN(value) ? undefined : 'must not be 0: it is a scale, which is divided by';
    case 'table':
      return Math.abs(value) <= 1 ? undefined : 'must be from −1 to 1';
    default:
      return undefined;
  }
}

/** Draws of an index that may be -1 or out of range, for no element. */
export const drawsWithNone: ReadonlySet<InputFacts['draw']> = new Set(['padded', 'beyond', 'once', 'tree']);

function outsideAxis(draw: InputFacts['draw'], value: number, into: { axis: string; size: number } | undefined): string | undefined {
  if (draw === 'beyond') return value === (value | 0) ? undefined : 'must be a whole number from −2³¹ to 2³¹ − 1: it is an index';
  const least = drawsWithNone.has(draw) ? -1 : 0;
  const isPlace = Number.isInteger(value) && value >= least && value < (into?.size ?? Infinity);
  const end = into ? `, less than ${into.axis} = ${into.size}` : '';
  return isPlace ? undefined : `must be a whole number from ${least === 0 ? '0' : '−1 (none)'} on${end}: it is an index`;
}
