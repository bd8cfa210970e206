// Generated from suites/properties by `npm run generate`. Do not edit.

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

/** Every property, by file name. */
export const allProperties: readonly Property[] = [
  batchInvariant,
  cacheHistory,
  chunkedPrefill,
  deterministic,
  dialect,
  dyadicExact,
  emptyRow,
  gradient,
  longContext,
  lseMerge,
  nonInterference,
  oracle,
  pagePermutation,
  shiftInvariance,
  sizeBoundary,
  stateless,
  strided,
  visibility,
  anyWorld,
  balance,
  fault,
  interleaving,
  ledger,
  refusal,
  roundTrip,
  singleDevice,
];
