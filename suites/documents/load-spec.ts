import { Undrawable } from '../../generators/lib/undrawable.js';
import { DocumentError } from '../../spec/lib/documents.js';
import { createLibrary, type SpecDocument } from '../../spec/library.js';
import { printMask } from '../../spec/mask/print/print.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Case, Operator } from '../../spec/types/documents.js';
import { readSpecFolder } from '../lib/spec-folder.js';
import { brokenLaw } from './laws.js';
import { compareForms, type Disagreement } from './second-form.js';

/** Cases on which the second form of an added document is compared with its first. */
const CASES = 20;

/** Documents of `--spec` folders, and the library that they make with the built-in ones. */
export interface LoadedSpec {
  readonly documents: readonly SpecDocument[];
  readonly library: SpecLibrary;
}

/**
 * Reads the documents of `--spec` folders, whose operators nobody has held to their truth yet.
 * @throws {UsageError} where a folder holds none. @throws {DocumentError} for a document that is malformed.
 */
export function readSpec(folders: readonly string[] = []): LoadedSpec {
  const documents = folders.flatMap(readSpecFolder);
  return { documents, library: createLibrary(documents) };
}

/**
 * Holds the second form of each added operator to its first, and its program to its laws: a second or two for each.
 * @param asked names of the operators that will be judged: the others are left. All, where it is left out.
 * @throws {DocumentError} for a document whose two forms differ, or of which a law does not hold.
 */
export function requireTruths({ documents, library }: LoadedSpec, asked?: ReadonlySet<string>): void {
  for (const { kind, document, value } of documents) {
    const { name } = value as Operator;
    if (kind === 'operator' && (!asked || asked.has(name))) requireTruth(library, library.operators.get(name) as Operator, document);
  }
}

/** Reads the documents of `--spec` folders as `readSpec` does, and holds the operators that are asked to their truth as `requireTruths` does. */
export function loadSpec(folders?: readonly string[], asked?: ReadonlySet<string>): LoadedSpec {
  const loaded = readSpec(folders);
  requireTruths(loaded, asked);
  return loaded;
}

/**
 * Holds the second form of an operator to its first, and its program to its laws, on a few drawn cases.
 * @throws {DocumentError} with the smallest case on which the forms differ, or a law does not hold.
 */
function requireTruth(library: SpecLibrary, operator: Operator, document: string): void {
  try {
    const { disagreement } = compareForms(library, operator, CASES) ?? {};
    if (disagreement) throw new DocumentError(document, '$.second.program', describe(disagreement));
    const broken = brokenLaw(library, operator, CASES);
    if (broken)
      throw new DocumentError(
        document,
        '$.laws',
        `the law that ${broken.property} is about does not hold of the program: ${broken.failure.message}, for ${describeCase(broken.case)}; take the law out, or mend the program`,
      );
  } catch (error) {
    // a document of which nothing can be drawn is reported by its checks
    if (!(error instanceof Undrawable)) throw error;
  }
}

function describe({ case: c, output, index, first, second, bound }: Disagreement): string {
  const where = `${output}[${index}] is ${first} by $.program and ${second} by $.second.program, further apart than both bounds together, ${bound}`;
  return `the two forms differ: ${where}, for ${describeCase(c)}; mend the one that is not the formula`;
}

function describeCase({ dims, mask, options, values }: Case): string {
  const sizes = Object.entries(dims).map(([axis, size]) => `${axis}=${size}`);
  const given = Object.entries(options).map(([name, value]) => (value === true ? `with ${name}` : `${name}=${value}`));
  return [...sizes, ...given, `mask ${printMask(mask)}`, `${values.distribution} values of seed ${values.seed}`].join(' ');
}
