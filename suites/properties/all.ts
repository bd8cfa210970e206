// Generated from suites/properties by `npm run generate`. Do not edit.
import type { Property } from '../contract/property.js';
import { cacheHistory } from './cache/cache-history.js';
import { chunkedPrefill } from './cache/chunked-prefill.js';
import { pagePermutation } from './cache/page-permutation.js';
import { reuse } from './cache/reuse.js';
import { batchInvariant } from './kernel/batch-invariant.js';
import { captured } from './kernel/captured.js';
import { deterministic } from './kernel/deterministic.js';
import { dialect } from './kernel/dialect.js';
import { dyadicExact } from './kernel/dyadic-exact.js';
import { emptyRow } from './kernel/empty-row.js';
import { gradient } from './kernel/gradient.js';
import { longBatchInvariant, longCodebook, longContext, longCounted, longTargeted } from './kernel/long.js';
import { longStateless } from './kernel/long-stateless.js';
import { lseMerge } from './kernel/lse-merge.js';
import { nonInterference } from './kernel/non-interference.js';
import { oracle } from './kernel/oracle.js';
import { shiftInvariance } from './kernel/shift-invariance.js';
import { sizeBoundary } from './kernel/size-boundary.js';
import { soak } from './kernel/soak.js';
import { stateless } from './kernel/stateless.js';
import { strided } from './kernel/strided.js';
import { visibility } from './kernel/visibility.js';
import { causal } from './laws/causal.js';
import { convex } from './laws/convex.js';
import { linearIn } from './laws/linear-in.js';
import { mass } from './laws/mass.js';
import { permutation } from './laws/permutation.js';
import { reduces } from './laws/reduces.js';
import { stateSplit } from './laws/state-split.js';
import { anyWorld } from './schemes/any-world.js';
import { balance } from './schemes/balance.js';
import { fault } from './schemes/fault.js';
import { interleaving } from './schemes/interleaving.js';
import { ledger } from './schemes/ledger.js';
import { refusal } from './schemes/refusal.js';
import { roundTrip } from './schemes/round-trip.js';
import { longSingleDevice, singleDevice } from './schemes/single-device.js';

/** Every property, by file name. */
export const allProperties: readonly Property[] = [
  cacheHistory,
  chunkedPrefill,
  pagePermutation,
  reuse,
  batchInvariant,
  captured,
  deterministic,
  dialect,
  dyadicExact,
  emptyRow,
  gradient,
  longStateless,
  longTargeted,
  longCounted,
  longContext,
  longCodebook,
  longBatchInvariant,
  lseMerge,
  nonInterference,
  oracle,
  shiftInvariance,
  sizeBoundary,
  soak,
  stateless,
  strided,
  visibility,
  causal,
  convex,
  linearIn,
  mass,
  permutation,
  reduces,
  stateSplit,
  anyWorld,
  balance,
  fault,
  interleaving,
  ledger,
  refusal,
  roundTrip,
  longSingleDevice,
  singleDevice,
];
