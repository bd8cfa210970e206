import { validateCase } from '../../generators/validate.js';
import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import { checkDocument, DocumentError } from '../../spec/lib/documents.js';
import { parseJson } from '../../spec/lib/json.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Capabilities, Case } from '../../spec/types/documents.js';
import type { CallSpec } from '../contract/property.js';
import { callsOfFailure } from '../runner/search/failure-calls.js';

/** Call, with the claims that shape its tensors. */
export interface DescribedCall extends CallSpec {
  readonly claims: Claims;
}

/**
 * Reads a call from a case, or the wrong call of a failure. @throws {DocumentError} if malformed.
 */
export function readCall(text: string, document: string, library: SpecLibrary, pass: CallSpec['command']): DescribedCall {
  const value = parseJson(text, document);
  if (isFailure(value)) {
    const failure = checkDocument('failure', value, document);
    const found = callsOfFailure(failure, library, document);
    if (typeof found === 'string') throw new DocumentError(document, '$.case', found);
    const { claims, calls } = found;
    const { number = 1 } = failure.call ?? {};
    if (number > calls.length)
      throw new DocumentError(document, '$.call.number', `found ${number}, but the check makes ${calls.length} calls for this case`);
    return { ...calls[number - 1], claims };
  }
  const c = checkDocument('case', value, document);
  validateCase(library, c, document);
  return { case: c, command: pass, claims: Claims.of(library, resolveCapabilities(claimsOf(c), document)) };
}

function isFailure(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'case' in value;
}

/** Claims of a kernel that takes the case, by a named or dense mask. */
function claimsOf({ operator, dtype, layout, mask, options }: Case): Capabilities {
  return {
    dtypes: [dtype],
    operators: [operator],
    layouts: [layout],
    masks: ['name' in mask ? mask.name : 'full'],
    denseMask: 'boolean',
    options: Object.keys(options) as Capabilities['options'],
    gradients: true,
    strided: true,
  };
}
