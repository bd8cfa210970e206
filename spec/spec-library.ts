import type { Cluster, LengthDistribution, MaskSpec, Operator, Profile, Scheme } from './types/documents.js';

/** Spec documents in use: the built-in ones and those added by `--spec`. */
export interface SpecLibrary {
  readonly operators: ReadonlyMap<string, Operator>;
  readonly masks: ReadonlyMap<string, MaskSpec>;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly schemes: ReadonlyMap<string, Scheme>;
  /** Clusters for simulations. No test result depends on them. */
  readonly clusters: ReadonlyMap<string, Cluster>;
  /** Distributions of document lengths, for timings. */
  readonly lengths: ReadonlyMap<string, LengthDistribution>;
}
