import { Undrawable } from '../../generators/lib/undrawable.js';
import { DocumentError } from '../../spec/lib/documents.js';
import { createLibrary, type SpecDocument } from '../../spec/library.js';
import { printMask } from '../../spec/mask/print/print.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Case, Operator } from '../../spec/types/documents.js';
import { readSpecFolder } from '../lib/spec-folder.js';
import { brokenLaw } from './laws.js';
import { compareForms, type Disagreement } from './second-form.js';

const CASES = 20;

/** Documents of `--spec` folders, and the library with them. */
export interface LoadedSpec {
  readonly documents: readonly SpecDocument[];
  readonly library: SpecLibrary;
}

/** Reads `--spec` folders. @throws {UsageError | DocumentError} if empty or malformed. */
export function readSpec(folders: readonly string[] = []): LoadedSpec {
  const documents = folders.flatMap(readSpecFolder);
  return { documents, library: createLibrary(documents) };
}

/**
 * Tests added operators: forms and laws. @throws {DocumentError} for a difference or broken law.
 */
export function requireTruths({ documents, library }: LoadedSpec, asked?: ReadonlySet<string>): void {
  for (const { kind, document, value } of documents) {
    const { name } = value as Operator;
    if (kind === 'operator' && (!asked || asked.has(name))) requireTruth(library, library.operators.get(name) as Operator, document);
  }
}

/** `readSpec`, then `requireTruths`. */
export function loadSpec(folders?: readonly string[], asked?: ReadonlySet<string>): LoadedSpec {
  const loaded = readSpec(folders);
  requireTruths(loaded, asked);
  return loaded;
}

function requireTruth(library: SpecLibrary, operator: Operator, document: string): void {
  try {
    const { disagreement } = compareForms(library, operator, CASES) ?? {};
    if (disagreement) throw new DocumentError(document, '$.second.program', describe(disagreement));
    const broken = brokenLaw(library, operator, CASES);
    if (broken)
      throw new DocumentError(
        document,
        '$.laws',
        `the law that ${broken.property} is about does not hold of the program: ${broken.failure.message}, for ${describeCase(broken.case)}; remove the law, or fix the program`,
      );
  } catch (error) {
    // the checks report a document without drawable cases
    if (!(error instanceof Undrawable)) throw error;
  }
}

function describe({ case: c, output, index, first, second, bound }: Disagreement): string {
  const where = `${output}[${index}] is ${first} by $.program and ${second} by $.second.program, further apart than both bounds together, ${bound}`;
  return `the two forms differ: ${where}, for ${describeCase(c)}; fix the one that differs from the formula`;
}

function describeCase({ dims, mask, options, values }: Case): string {
  const sizes = Object.entries(dims).map(([axis, size]) => `${axis}=${size}`);
  const given = Object.entries(options).map(([name, value]) => (value === true ? `with ${name}` : `${name}=${value}`));
  return [...sizes, ...given, `mask ${printMask(mask)}`, `${values.distribution} values of seed ${values.seed}`].join(' ');
}
