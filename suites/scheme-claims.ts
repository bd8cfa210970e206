import type { FullCapabilities } from '../adapters/capabilities.js';
import { claimsInside } from '../adapters/schemes/claims.js';
import type { SpecLibrary } from '../spec/library.js';

/** What a case is drawn and judged by: the adapter's claims, or for a case on several ranks those of the scheme with the adapter's kernel inside; or why there are none. */
export function claimsFor(library: SpecLibrary, capabilities: FullCapabilities, scheme: string | undefined): FullCapabilities | string {
  if (scheme === undefined) return capabilities;
  const document = library.schemes.get(scheme);
  return document ? claimsInside(library, capabilities, document) : `there is no scheme "${scheme}"`;
}
