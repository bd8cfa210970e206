import type { SpecLibrary } from '../spec-library.js';
import type { Case, Parallel, Scheme } from '../types/documents.js';
import { caseScalarsOf } from './case-scalars.js';
import { type World, worldOf } from './world.js';

/** Values of names for a case's scheme. @param sink true if its gradient is requested. */
export function worldFor(library: Pick<SpecLibrary, 'operators' | 'schemes'>, c: Case, sink = false): World {
  const { scheme, ranks } = c.parallel as Parallel;
  return worldOf(library.schemes.get(scheme) as Scheme, c.dims, ranks, sink, caseScalarsOf(library, c), c.mask);
}
