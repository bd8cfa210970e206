import type { FullCapabilities } from '../adapters/capabilities.js';
import { claimsInside } from '../adapters/schemes/claims.js';
import { claimsOwn, libraryFor, neverAlone } from '../adapters/schemes/own.js';
import type { SpecLibrary } from '../spec/library.js';

/**
 * What a case is drawn and judged by: the adapter's claims, or for a case on several ranks those of the scheme with the adapter's kernel inside,
 * or those of the scheme that it is itself; or why there are none.
 */
export function claimsFor(library: SpecLibrary, capabilities: FullCapabilities, scheme: string | undefined): FullCapabilities | string {
  const own = scheme !== undefined && Object.hasOwn(capabilities.schemes ?? {}, scheme);
  if (!own) {
    const never = neverAlone(capabilities);
    if (never !== undefined) return never;
  }
  if (scheme === undefined) return capabilities;
  const document = libraryFor(library, capabilities).schemes.get(scheme);
  if (!document) return `there is no scheme "${scheme}"`;
  return own ? claimsOwn(capabilities, document) : claimsInside(library, capabilities, document);
}
