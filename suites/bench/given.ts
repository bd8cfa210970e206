import { DocumentError } from '../../spec/lib/documents.js';
import { nearestNames } from '../../spec/lib/nearest.js';
import { compileMask } from '../../spec/mask/compile/compile.js';
import { maskDialect } from '../../spec/mask/mask-dialect.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { LengthDistribution, MaskSpec, NamedMask } from '../../spec/types/documents.js';
import { UsageError } from '../lib/usage-error.js';
import { benchParameters, type GivenParameters } from './mask-parameters.js';

/** Values to time for parameters of masks. */
export type ParameterLists = Readonly<Record<string, readonly (number | string)[]>>;

/** Distributions of lengths; `source` takes LongCA-bench's for each length. */
export type LengthsChoice = readonly string[] | 'source';

/** Mask at a length, with the parameters that flags chose. */
export interface SweptMask {
  readonly mask: NamedMask;
  readonly swept: Readonly<Record<string, number | string>>;
}

/** Mask with every combination of its given parameters. @throws {UsageError} if one is invalid. */
export function sweptMasks(
  library: SpecLibrary,
  spec: MaskSpec,
  n: number,
  asked: { readonly parameters: ParameterLists; readonly lengths?: LengthsChoice; readonly seed: number },
): SweptMask[] {
  const own = Object.entries(asked.parameters).filter(([name]) => Object.hasOwn(spec.parameters ?? {}, name));
  const hasDocuments = Object.values(spec.parameters ?? {}).some(({ type }) => type === 'lengths');
  const distributions = hasDocuments ? distributionsOf(library, n, asked.lengths) : [undefined];
  return distributions.flatMap((lengths) =>
    combinations(own).map((parameters) => {
      const given: GivenParameters = { parameters, seed: asked.seed, ...(lengths && { lengths }) };
      const found = benchParameters(library, spec, n, given);
      const mask = { name: spec.name, ...(found && { parameters: found }) };
      if (own.length > 0 || lengths) check(library, mask, n);
      return { mask, swept: { ...(lengths && { lengths: lengths.name }), ...parameters } };
    }),
  );
}

/** @throws {UsageError} for a parameter that no timed mask has. */
export function checkGiven(library: SpecLibrary, masks: readonly string[], parameters: ParameterLists): void {
  const specs = masks.flatMap((name) => library.masks.get(name) ?? []);
  const known = new Set(specs.flatMap((spec) => Object.keys(spec.parameters ?? {})));
  for (const name of Object.keys(parameters)) {
    const of = specs.map((spec) => spec.parameters?.[name]).find((parameter) => parameter !== undefined);
    if (!of)
      throw new UsageError(
        `--param ${name}: no timed mask has this parameter; ${known.size > 0 ? nearestNames(name, known) : 'they have none'}`,
      );
    if (of.type === 'lengths') throw new UsageError(`--param ${name}: name a distribution of lengths instead: --lengths pile`);
    if (of.type === 'batch-lengths') throw new UsageError(`--param ${name}: cannot be set: it is a list of lengths, one per batch entry`);
  }
}

function check(library: SpecLibrary, mask: NamedMask, n: number): void {
  try {
    compileMask(library, mask, { b: 1, heads: 1, m: n, n, ...maskDialect({}) });
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw new UsageError(`${mask.name} at ${n} tokens: ${error.path.replace('$.mask.parameters.', '')}: ${error.problem}`);
  }
}

function distributionsOf({ lengths }: SpecLibrary, n: number, choice: LengthsChoice | undefined): (LengthDistribution | undefined)[] {
  if (choice === undefined) return [undefined];
  if (choice === 'source') return [sourceOf([...lengths.values()], n)];
  return choice.map((name) => {
    const found = lengths.get(name);
    if (!found) throw new UsageError(`--lengths: found "${name}", ${nearestNames(name, lengths.keys())}`);
    return found;
  });
}

/** Distribution for the least `upTo` of n or more tokens; else the largest. */
function sourceOf(known: readonly LengthDistribution[], n: number): LengthDistribution | undefined {
  const meant = known.filter(({ upTo, parts }) => upTo !== undefined && !parts).sort((x, y) => (x.upTo ?? 0) - (y.upTo ?? 0));
  return meant.find(({ upTo = 0 }) => upTo >= n) ?? meant.at(-1);
}

function combinations<T>(lists: readonly (readonly [string, readonly T[]])[]): Record<string, T>[] {
  return lists.reduce<Record<string, T>[]>(
    (all, [name, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
}
