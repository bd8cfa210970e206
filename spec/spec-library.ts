import type { Cluster, LengthDistribution, MaskSpec, Operator, Profile, Scheme } from './types/documents.js';

/** Spec documents in use: built-in and added by `--spec`. */
export interface SpecLibrary {
  readonly operators: ReadonlyMap<string, Operator>;
  readonly masks: ReadonlyMap<string, MaskSpec>;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly schemes: ReadonlyMap<string, Scheme>;
  /** Clusters for simulations; no test result depends on them. */
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly lengths: ReadonlyMap<string, LengthDistribution>;
}
