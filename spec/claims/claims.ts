import type { SpecLibrary } from '../library.js';
import type { Operator } from '../types/documents.js';
import { claimsOwn, neverAlone, withSchemes } from './adapter-scheme.js';
import type { FullCapabilities } from './capabilities.js';
import { claimsInside } from './inside-scheme.js';

/**
 * What an implementation claims, with the documents that say what that means: made once, when its capabilities are known, and handed down. Cases are
 * drawn, called and judged by it.
 */
export class Claims {
  private readonly inSchemes = new Map<string, Claims | string>();

  private constructor(
    /** Every document that is known, those of the schemes that the implementation is itself among them. */
    readonly library: SpecLibrary,
    readonly capabilities: FullCapabilities,
  ) {}

  /** @throws {DocumentError} where the implementation is a scheme whose name is taken, or whose document is malformed. */
  static of(library: SpecLibrary, capabilities: FullCapabilities): Claims {
    return new Claims(withSchemes(library, capabilities), capabilities);
  }

  /** Returns the document of an operator, or undefined if there is none of this name. */
  operator(name: string): Operator | undefined {
    return this.library.operators.get(name);
  }

  /**
   * Returns the claims for cases on the ranks of a scheme, with the implementation inside or the scheme itself, or for undefined those for cases on no
   * ranks; or why there are none, in words.
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

  private claimsIn(scheme: string, isItself: boolean): Claims | string {
    const { library, capabilities } = this;
    const document = library.schemes.get(scheme);
    if (!document) return `there is no scheme "${scheme}"`;
    const found = isItself ? claimsOwn(capabilities, document) : claimsInside(library, capabilities, document);
    return typeof found === 'string' ? found : new Claims(library, found);
  }
}
