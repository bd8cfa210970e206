import { exampleInteger } from '../../spec/mask/parameters.js';
import type { MaskParameter, MaskParameters, MaskSpec } from '../../spec/types/documents.js';

/** Documents of a batch entry: long and short ones, as a corpus has them, in shares of a sixteenth. */
const shares = [5, 1, 3, 1, 4, 2];

/**
 * The parameters with which a mask is timed at n keys: the examples of its document, or those of LongCA-bench's runs (arXiv 2510.17896), scaled to
 * the length: windows, prefixes and blocks that are large against a tile and small against n.
 */
export function benchParameters({ parameters }: MaskSpec, n: number): MaskParameters | undefined {
  if (!parameters) return undefined;
  const block = blockOf(n);
  return Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, chosen(name, parameter, n, block)]));
}

function chosen(name: string, parameter: MaskParameter, n: number, block: number): MaskParameters[string] {
  const { type, choices = [], multipleOf } = parameter;
  switch (type) {
    case 'integer':
      return exampleInteger(parameter, n) ?? integerOf(name, n, block);
    case 'share':
      return 0.25;
    case 'seed':
      return 1;
    case 'lengths':
      return documentLengths(n, multipleOf === undefined ? 1 : block);
    case 'batch-lengths':
      return [Math.ceil((3 * n) / 4)];
    case 'choice':
      return choices[0];
  }
}

function integerOf(name: string, n: number, block: number): number {
  switch (name) {
    case 'right':
      return 0;
    case 'left':
    case 'window':
      return Math.max(1, Math.floor(n / 8));
    // within the first document, whose length is 5/16
    case 'prefix':
      return Math.max(1, Math.floor(n / 8));
    case 'mean':
      return 2 * block;
    default:
      return block;
  }
}

/** 64, or the largest smaller power of two of which n has four and is a multiple. */
function blockOf(n: number): number {
  let block = 64;
  while (block > 1 && (n % block !== 0 || n / block < 4)) block /= 2;
  return block;
}

function documentLengths(n: number, multipleOf: number): number[] {
  const lengths = shares.map((share) => Math.floor((share * n) / 16 / multipleOf) * multipleOf);
  lengths[0] += n - lengths.reduce((sum, length) => sum + length, 0);
  return lengths;
}
