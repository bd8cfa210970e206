import type { MaskSpec, Operator } from '../spec/types/documents.js';

/** Options of the command line for starting adapters. */
export interface LoadOptions {
  /** Interpreter for `python:` and for built-in adapters in Python. */
  readonly python?: string;
  readonly tmp?: string;
  /** Time limit of a call of several ranks, in milliseconds. */
  readonly timeout?: number;
  readonly hostfile?: string;
  /** Operator documents by name; default: the built-in ones. Each process loads its own library. */
  readonly operators?: ReadonlyMap<string, Operator>;
  /** Mask documents by name; default: the built-in ones. */
  readonly masks?: ReadonlyMap<string, MaskSpec>;
}
