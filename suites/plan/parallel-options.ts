export interface ParallelOptions {
  readonly ranks?: readonly number[];
  readonly transport?: 'simulated' | 'workers' | 'mpi';
}
