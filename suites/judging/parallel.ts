import type { OwnScheme } from '../../spec/claims/adapter-scheme.js';
import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import type { SpecLibrary } from '../../spec/library.js';
import { caseScalarsOf } from '../../spec/scheme/case-scalars.js';
import { type World, worldOf } from '../../spec/scheme/world.js';
import type { Case, Parallel, Scheme } from '../../spec/types/documents.js';
import { claimsBackward } from '../properties/kernel/gradient.js';
import type { CallSpec } from '../properties/property.js';

/** Claims of an adapter that is itself a scheme. Returns undefined if the scheme is the suite's, with the adapter's kernel inside. */
export function ownOf({ schemes }: FullCapabilities): OwnScheme | undefined {
  return schemes && Object.values(schemes)[0];
}

/** Reason why an adapter's own scheme cannot be judged by a document; undefined if it can, or if the adapter is no scheme. */
export function undocumented(capabilities: FullCapabilities): string | undefined {
  const own = ownOf(capabilities);
  return own && own.document === undefined ? 'it claims no "spec", which would say what it needs and sends' : undefined;
}

/** Values of the names in the expressions of a case's scheme. @param sink whether the gradient of the sink is asked for. */
export function worldFor(library: SpecLibrary, c: Case, sink = false): World {
  const { scheme, ranks } = c.parallel as Parallel;
  return worldOf(library.schemes.get(scheme) as Scheme, c.dims, ranks, sink, caseScalarsOf(library, c), c.mask);
}

/** Returns the case with more settings of how it is run on its ranks. */
export function onRanks(c: Case, more: Partial<Parallel>): Case {
  return { ...c, parallel: { ...(c.parallel as Parallel), ...more } };
}

/** Calls of a case: forward, and backward if the scheme and the kernel inside have a backward pass. */
export function bothPasses(c: Case, capabilities: FullCapabilities): CallSpec[] {
  const forward: CallSpec = { command: 'forward', case: c };
  return claimsBackward(capabilities) ? [forward, { command: 'backward', case: c }] : [forward];
}
