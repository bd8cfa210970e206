import { DocumentError } from '../lib/documents.js';
import { nearestNames } from '../lib/nearest.js';
import { storedAs } from '../operator/stored-as.js';
import type { SpecLibrary } from '../spec-library.js';
import type { Operator } from '../types/documents.js';
import { claimsOwn, neverAlone, withSchemes } from './adapter-scheme.js';
import type { FullCapabilities } from './capabilities.js';
import { checkExcludes } from './excluded.js';
import { checkNamedInputs } from './fixed.js';
import { claimsInside } from './inside-scheme.js';

/** Claims of an implementation: the cases that it is tested on, and their documents. */
export class Claims {
  private readonly inSchemes = new Map<string, Claims | string>();

  private constructor(
    /** Includes the implementation's schemes; operators have its input types. */
    readonly library: SpecLibrary,
    readonly capabilities: FullCapabilities,
  ) {}

  /**
   * @param document name of the capabilities in messages.
   * @throws {DocumentError} for an unknown mask, a bad scheme, or a misfit of `excludes`, `fixed` or `stored`.
   */
  static of(library: SpecLibrary, capabilities: FullCapabilities, document = 'its capabilities'): Claims {
    checkMasks(library, capabilities, document);
    checkExcludes(library, capabilities, document);
    checkNamedInputs(library, capabilities, document);
    return new Claims(asStored(withSchemes(library, capabilities, document), capabilities), capabilities);
  }

  operator(name: string): Operator | undefined {
    return this.library.operators.get(name);
  }

  /** Claims for a scheme's ranks, or for no ranks if undefined; else the reason against them. */
  forScheme(scheme: string | undefined): Claims | string {
    const isItself = scheme !== undefined && Object.hasOwn(this.capabilities.schemes ?? {}, scheme);
    const never = isItself ? undefined : neverAlone(this.capabilities);
    if (never !== undefined) return never;
    if (scheme === undefined) return this;
    const known = this.inSchemes.get(scheme) ?? this.claimsIn(scheme, isItself);
    this.inSchemes.set(scheme, known);
    return known;
  }

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

function asStored(library: SpecLibrary, capabilities: FullCapabilities): SpecLibrary {
  if (capabilities.mixedStorage && !capabilities.stored) return library;
  return { ...library, operators: new Map([...library.operators].map(([name, operator]) => [name, storedAs(operator, capabilities)])) };
}

/** Refuses unknown masks: a mistyped name would silently disable its tests. */
function checkMasks(library: SpecLibrary, { masks }: FullCapabilities, document: string): void {
  for (const [at, name] of masks.entries()) {
    if (library.masks.has(name)) continue;
    const known = nearestNames(name, library.masks.keys());
    throw new DocumentError(
      document,
      `$.masks[${at}]`,
      `found "${name}", which names no mask; ${known}; --spec DIR adds your own documents`,
    );
  }
}
