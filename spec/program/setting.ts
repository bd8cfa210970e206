import type { Graph } from './graph.js';
import type { Scope } from './lower.js';

/** Graph that statements are added to, and the scope of their terms. */
export interface Setting {
  readonly graph: Graph;
  readonly scope: Omit<Scope, 'tensors' | 'places'>;
  readonly scores: ReadonlySet<string>;
  /** Unrolls one step of every loop. */
  readonly once: boolean;
  readonly unrolled: { statements: number };
  readonly document: string;
}
