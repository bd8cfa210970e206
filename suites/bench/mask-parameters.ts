import { drawLengths } from '../../spec/length/draw.js';
import { exampleInteger } from '../../spec/mask/parameters.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { LengthDistribution, MaskParameter, MaskParameters, MaskSpec } from '../../spec/types/documents.js';

/** Default documents of a batch entry, in sixteenths. */
const shares = [5, 1, 3, 1, 4, 2];

/** Parameters from flags, and the distribution of documents. */
export interface GivenParameters {
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly lengths?: LengthDistribution;
  readonly seed: number;
}

const nothingGiven: GivenParameters = { parameters: {}, seed: 0 };

/**
 * Given parameters, else examples of the document, else those of LongCA-bench (arXiv 2510.17896),
 * scaled to n keys: large against a tile and small against n.
 */
export function benchParameters(
  { lengths: known }: Pick<SpecLibrary, 'lengths'>,
  { parameters }: MaskSpec,
  n: number,
  given: GivenParameters = nothingGiven,
): MaskParameters | undefined {
  if (!parameters) return undefined;
  const block = typeof given.parameters.block === 'number' ? given.parameters.block : blockOf(n);
  const documents = (unit: number) => (given.lengths ? drawLengths(known, given.lengths, n, given.seed, unit) : documentLengths(n, unit));
  const value = (name: string, parameter: MaskParameter) =>
    given.parameters[name] ?? (parameter.type === 'lengths' ? documents(parameter.multipleOf === undefined ? 1 : block) : undefined);
  const chosenOf = (name: string, parameter: MaskParameter) => value(name, parameter) ?? chosen(name, parameter, n, block);
  return withLeastWithinMean(
    Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, chosenOf(name, parameter)])),
    given,
  );
}

function withLeastWithinMean(parameters: MaskParameters, given: GivenParameters): MaskParameters {
  const { mean, min } = parameters;
  if (typeof mean !== 'number' || typeof min !== 'number' || given.parameters.min !== undefined) return parameters;
  return { ...parameters, min: Math.min(min, mean) };
}

function chosen(name: string, parameter: MaskParameter, n: number, block: number): MaskParameters[string] {
  const { type, choices = [] } = parameter;
  switch (type) {
    case 'integer':
      return exampleInteger(parameter, n) ?? integerOf(name, n, block);
    case 'share':
      return 0.25;
    case 'seed':
      return 1;
    case 'lengths':
      return documentLengths(n, 1);
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
    // inside the first document, 5/16 of the length
    case 'prefix':
      return Math.max(1, Math.floor(n / 8));
    case 'mean':
      return 2 * block;
    default:
      return block;
  }
}

/** 64, or the largest smaller power of two that divides n into four blocks or more. */
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
