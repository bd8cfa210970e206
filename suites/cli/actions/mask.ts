import { fullDialect } from '../../../spec/dialect.js';
import { compileMask } from '../../../spec/mask/compile/compile.js';
import type { MaskProblem } from '../../../spec/mask/compile/compiled-mask.js';
import { exampleParameters } from '../../../spec/mask/example-parameters.js';
import { printMask } from '../../../spec/mask/print/print.js';
import { maskSvg } from '../../../spec/mask/print/svg.js';
import type { SpecLibrary } from '../../../spec/spec-library.js';
import type { Mask } from '../../../spec/types/documents.js';
import { readDialectFlags } from '../../dialect-flag.js';
import { readSpec } from '../../documents/load-spec.js';
import { exitCodes } from '../../lib/exit-code.js';
import { writeFor } from '../../lib/files.js';
import { UsageError } from '../../lib/usage-error.js';
import { namedMasks, parseMask } from '../mask-argument.js';
import { describeMask } from '../text/mask.js';

export interface MaskFlags {
  readonly param?: string[];
  readonly m?: number;
  readonly n?: number;
  readonly dialect?: string[];
  readonly svg?: string;
  readonly spec?: string[];
}

const defaultKeys = 16;
const mostCells = 2 ** 26;

/** Runs `attn-cts mask NAME`. @returns the exit code. */
export async function maskAction(name: string, flags: MaskFlags): Promise<number> {
  const { library } = readSpec(flags.spec);
  const given = parseMask(name, flags.param ?? [], library);
  const problem = problemFor(given, library, flags);
  const mask = withExamples(given, library, problem.n);
  const compiled = compileMask(library, mask, problem, 'mask', '$');
  process.stdout.write(describeMask(mask, compiled, library));
  if (flags.svg !== undefined) writeFor('--svg', flags.svg, maskSvg(compiled, 0, 0, printMask(mask)));
  return exitCodes.passed;
}

function withExamples(mask: Mask, library: SpecLibrary, n: number): Mask {
  const spec = 'name' in mask ? library.masks.get(mask.name) : undefined;
  if (!('name' in mask) || spec === undefined) return mask;
  const parameters = exampleParameters(spec, mask.parameters, n);
  return { name: mask.name, ...(parameters && { parameters }) };
}

function problemFor(mask: Mask, library: SpecLibrary, flags: MaskFlags): MaskProblem {
  const lengths = (type: string) =>
    namedMasks(mask).flatMap(({ name, parameters = {} }) =>
      Object.entries(parameters).flatMap(([key, value]) =>
        Array.isArray(value) && library.masks.get(name)?.parameters?.[key]?.type === type ? [value] : [],
      ),
    );
  const [documents] = lengths('lengths');
  const n = flags.n ?? documents?.reduce((sum, length) => sum + length, 0) ?? defaultKeys;
  const m = flags.m ?? n;
  if (n < 1) throw new UsageError('the mask has no keys: its lengths add up to 0');
  if (!(m * n <= mostCells)) throw new UsageError(`found ${m} × ${n} cells, must be at most ${mostCells}`);
  const { causal, window } = fullDialect(readDialectFlags(flags.dialect ?? []));
  return { b: lengths('batch-lengths')[0]?.length || 1, heads: headsOf(mask), m, n, causal, window };
}

function headsOf(mask: Mask): number {
  if ('name' in mask) return 1;
  if ('not' in mask) return headsOf(mask.not);
  const parts = 'and' in mask ? mask.and : 'or' in mask ? mask.or : mask.heads;
  return Math.max('heads' in mask ? parts.length : 1, ...parts.map(headsOf));
}
