import { batchInvariant } from './batch-invariant.js';
import { deterministic } from './deterministic.js';
import { dialect } from './dialect.js';
import { dyadicExact } from './dyadic-exact.js';
import { emptyRow } from './empty-row.js';
import { gradient } from './gradient.js';
import { longContext } from './long-context.js';
import { lseMerge } from './lse-merge.js';
import { nonInterference } from './non-interference.js';
import { oracle } from './oracle.js';
import type { Property } from './property.js';
import { sizeBoundary } from './size-boundary.js';
import { stateless } from './stateless.js';
import { strided } from './strided.js';
import { visibility } from './visibility.js';

/** Every property, in the order in which checks are planned and reported. */
export const properties: readonly Property[] = [
  oracle,
  gradient,
  visibility,
  nonInterference,
  emptyRow,
  strided,
  lseMerge,
  deterministic,
  stateless,
  batchInvariant,
  dyadicExact,
  sizeBoundary,
  dialect,
  longContext,
];

export function propertyNamed(name: string): Property | undefined {
  return properties.find((property) => property.name === name);
}
