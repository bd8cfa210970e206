import { DocumentError } from '../lib/documents.js';
import { nearestNames } from '../lib/nearest.js';
import { storedAs } from '../operator/stored-as.js';
import type { SpecLibrary } from '../spec-library.js';
import type { Operator } from '../types/documents.js';
import { claimsOwn, neverAlone, withSchemes } from './adapter-scheme.js';
import type { FullCapabilities } from './capabilities.js';
import { checkNamedInputs } from './fixed.js';
import { claimsInside } from './inside-scheme.js';

/**
 * Claims of an implementation, with the spec documents that define them. Cases are drawn, called and judged by them. Created once per
 * implementation, when its capabilities are known.
 */
export class Claims {
  private readonly inSchemes = new Map<string, Claims | string>();

  private constructor(
    /** Spec documents, including those of the implementation's own schemes; operators with the inputs' types as it takes them. */
    readonly library: SpecLibrary,
    readonly capabilities: FullCapabilities,
  ) {}

  /**
   * Creates the claims of an implementation.
   * @param document name of the capabilities in messages.
   * @throws {DocumentError} when a mask has no document; when the name of one of its own schemes is taken, or the scheme's document is malformed;
   * when `fixed` or `stored` does not fit the operators' documents.
   */
  static of(library: SpecLibrary, capabilities: FullCapabilities, document = 'its capabilities'): Claims {
    checkMasks(library, capabilities, document);
    checkNamedInputs(library, capabilities, document);
    return new Claims(asStored(withSchemes(library, capabilities, document), capabilities), capabilities);
  }

  /** Returns the document of an operator, or undefined if there is none of this name. */
  operator(name: string): Operator | undefined {
    return this.library.operators.get(name);
  }

  /**
   * Returns the claims for cases on the ranks of a scheme, whether the implementation is the kernel inside it or the scheme itself; for
   * undefined, those for cases without ranks. Returns a reason in words if such cases are impossible.
   */
  forScheme(scheme: string | undefined): Claims | string {
    const isItself = scheme !== undefined && Object.hasOwn(this.capabilities.schemes ?? {}, scheme);
    const never = isItself ? undefined : neverAlone(this.capabilities);
    if (never !== undefined) return never;
    if (scheme === undefined) return this;
    const known = this.inSchemes.get(scheme) ?? this.claimsIn(scheme, isItself);
    this.inSchemes.set(scheme, known);
    return known;
  }

  /** Returns the same claims but for the layouts of tensors. */
  withLayouts(layouts: FullCapabilities['layouts']): Claims {
    return new Claims(this.library, { ...this.capabilities, layouts });
  }

  private claimsIn(scheme: string, isItself: boolean): Claims | string {
    const { library, capabilities } = this;
    const document = library.schemes.get(scheme);
    if (!document) return `there is no scheme "${scheme}"`;
    const found = isItself ? claimsOwn(capabilities, document) : claimsInside(library, capabilities, document);
    return typeof found === 'string' ? found : new Claims(library, found);
  }
}

/** The library whose operators store their inputs as the implementation takes them. */
function asStored(library: SpecLibrary, capabilities: FullCapabilities): SpecLibrary {
  if (capabilities.mixedStorage && !capabilities.stored) return library;
  return { ...library, operators: new Map([...library.operators].map(([name, operator]) => [name, storedAs(operator, capabilities)])) };
}

/** Requires a document of every mask: one whose name is mistyped would come as a tensor, or never, and nobody would be told. */
function checkMasks(library: SpecLibrary, { masks }: FullCapabilities, document: string): void {
  for (const [at, name] of masks.entries()) {
    if (library.masks.has(name)) continue;
    const known = nearestNames(name, library.masks.keys());
    throw new DocumentError(
      document,
      `$.masks[${at}]`,
      `found "${name}", which names no mask; ${known}; --spec names a folder with your own`,
    );
  }
}
