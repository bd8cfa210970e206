import { validateCase } from '../../../generators/validate.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { DocumentError } from '../../../spec/lib/documents.js';
import { nearest } from '../../../spec/lib/nearest.js';
import type { SpecLibrary } from '../../../spec/spec-library.js';
import type { Failure } from '../../../spec/types/documents.js';
import type { CallSpec, Property } from '../../contract/property.js';
import { parseCheckId } from '../../plan/check-id.js';
import { properties, propertyNamed } from '../../properties/index.js';
import { claimedCalls } from '../run/case-stream.js';

/** Calls of a saved failure, by its document's capabilities. */
export interface FailureCalls {
  readonly property: Property;
  readonly claims: Claims;
  readonly calls: readonly CallSpec[];
}

/**
 * Calls of a failure document, or why they are excluded. @throws {DocumentError} for unknown names.
 */
export function callsOfFailure(failure: Failure, library: SpecLibrary, document: string): FailureCalls | string {
  const property = propertyOf(failure, document);
  const whole = Claims.of(library, resolveCapabilities(failure.adapter.capabilities, document));
  validateCase(whole.library, failure.case, document);
  const claims = whole.forScheme(failure.case.parallel?.scheme);
  if (typeof claims === 'string') return claims;
  const calls = claimedCalls(property, failure.case, claims);
  return calls ? { property, claims, calls } : 'the capabilities in the document exclude the case';
}

function propertyOf({ check }: Failure, document: string): Property {
  const name = parseCheckId(check)?.property;
  const property = name === undefined ? undefined : propertyNamed(name);
  if (property) return property;
  const known = properties.map((p) => p.name);
  const allowed = name === undefined ? 'operator[+feature]/mask/property/dtype' : `a property such as ${nearest(name, known).join(', ')}`;
  throw new DocumentError(document, '$.check', `found "${check}", allowed: ${allowed}`);
}
