/** What the command line says about how adapters are started. */
export interface LoadOptions {
  /** The interpreter of `python:` and of the built-ins that are written in Python. */
  readonly python?: string;
  /** Where the files of process adapters go. */
  readonly tmp?: string;
  /** Milliseconds that a call of several ranks may take, once they have started. */
  readonly timeout?: number;
  /** Of Open MPI: the hosts of the ranks. */
  readonly hostfile?: string;
}
