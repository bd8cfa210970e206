import type { Graph } from './graph.js';
import type { Scope } from './lower.js';

/** Graph that statements are added to, and what their terms may name beside tensors. */
export interface Setting {
  readonly graph: Graph;
  readonly scope: Omit<Scope, 'tensors' | 'places'>;
  /** Names of the statements that lead to the scores of a softmax. */
  readonly scores: ReadonlySet<string>;
  /** Unrolls one step of every loop alone. */
  readonly once: boolean;
  /** Statements that loops have added. */
  readonly unrolled: { statements: number };
  /** Name of the document in messages. */
  readonly document: string;
}
