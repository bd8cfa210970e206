import type { Positions } from '../../../spec/positions.js';
import { documentLengths } from '../../../spec/scheme/document-lengths.js';
import { valueIn, type World } from '../../../spec/scheme/world.js';
import type { Expression, Mask } from '../../../spec/types/documents.js';
import type { SchemeProgram } from '../program.js';
import { ringProgram } from './ring.js';

/**
 * Cuts each document, padded to a multiple of 2P, into 2P chunks; rank r gets chunks r and 2P − 1 −
 * r. Padding follows its document inside a shard, with positions beyond all tokens, which no query
 * sees.
 */
export function zigzagDocuments(mask: Mask, world: World): Positions[][] {
  const { ranks, tokens, scheme } = world;
  const places: Positions[][] = Array.from({ length: ranks }, () => []);
  const unit = valueIn(world, scheme.unit as Expression);
  let start = 0;
  let padding = tokens;
  for (const length of documentLengths(mask, tokens)) {
    const chunk = Math.ceil(length / unit) * (unit / (2 * ranks));
    for (let x = 0; x < 2 * ranks && chunk > 0; x++) {
      const own = places[Math.min(x, 2 * ranks - 1 - x)];
      const real = Math.max(0, Math.min(chunk, length - x * chunk));
      if (real > 0) own.push({ start: start + x * chunk, length: real, stride: 1 });
      if (real < chunk) own.push({ start: padding, length: chunk - real, stride: 1 });
      padding += chunk - real;
    }
    start += length;
  }
  return places;
}

const documents: SchemeProgram = {
  ...ringProgram('ring-zigzag-document'),
  solve: (whole, world) => zigzagDocuments(whole.case.mask, world),
};

export const programs: readonly SchemeProgram[] = [documents];
