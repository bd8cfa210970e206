import type { Operator } from '../spec/types/documents.js';

/** Options of the command line for starting adapters. */
export interface LoadOptions {
  /** Interpreter for `python:` and for the built-ins that are written in Python. */
  readonly python?: string;
  /** Folder for the files of process adapters. */
  readonly tmp?: string;
  /** Time limit in milliseconds for a call of several ranks, once they have started. */
  readonly timeout?: number;
  /** Host file of Open MPI, which lists the hosts of the ranks. */
  readonly hostfile?: string;
  /** Operator documents in force, by name: the built-in ones and those of `--spec`. Default: the built-in ones. Not sent between processes: each makes its own library. */
  readonly operators?: ReadonlyMap<string, Operator>;
}
