import { batchInvariant } from './batch-invariant.js';
import { cacheHistory } from './cache-history.js';
import { chunkedPrefill } from './chunked-prefill.js';
import { deterministic } from './deterministic.js';
import { dialect } from './dialect.js';
import { dyadicExact } from './dyadic-exact.js';
import { emptyRow } from './empty-row.js';
import { gradient } from './gradient.js';
import { longContext } from './long-context.js';
import { lseMerge } from './lse-merge.js';
import { nonInterference } from './non-interference.js';
import { oracle } from './oracle.js';
import { pagePermutation } from './page-permutation.js';
import type { Property } from './property.js';
import { anyWorld } from './schemes/any-world.js';
import { balance } from './schemes/balance.js';
import { fault } from './schemes/fault.js';
import { interleaving } from './schemes/interleaving.js';
import { ledger } from './schemes/ledger.js';
import { refusal } from './schemes/refusal.js';
import { roundTrip } from './schemes/round-trip.js';
import { singleDevice } from './schemes/single-device.js';
import { shiftInvariance } from './shift-invariance.js';
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
  shiftInvariance,
  sizeBoundary,
  chunkedPrefill,
  cacheHistory,
  pagePermutation,
  dialect,
  longContext,
  refusal,
  singleDevice,
  roundTrip,
  anyWorld,
  ledger,
  balance,
  interleaving,
  fault,
];

export function propertyNamed(name: string): Property | undefined {
  return properties.find((property) => property.name === name);
}
