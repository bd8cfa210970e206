import { Unavailable } from '../../../kernel.js';
import { loadKoffi } from '../../../system/shared-library.js';

export const mpiLibrary = 'libmpi.so.40';
export const mpiRemedy = 'apt install openmpi-bin libopenmpi3';

/** Wildcard for the source of a message (Open MPI's mpi.h). */
export const anySource = -1;

/** Checked functions of Open MPI. Handles are BigInt pointers, memory is typed arrays. */
export interface Mpi {
  readonly world: bigint;
  readonly byte: bigint;
  call(name: MpiFunction, ...values: readonly unknown[]): void;
}

const signatures = {
  MPI_Init: ['void *', 'void *'],
  MPI_Comm_rank: ['void *', 'int *'],
  MPI_Comm_size: ['void *', 'int *'],
  MPI_Isend: ['void *', 'int', 'void *', 'int', 'int', 'void *', 'void *'],
  MPI_Test: ['void *', 'int *', 'void *'],
  MPI_Improbe: ['int', 'int', 'void *', 'int *', 'void *', 'void *'],
  MPI_Get_count: ['void *', 'void *', 'int *'],
  MPI_Mrecv: ['void *', 'int', 'void *', 'void *', 'void *'],
  MPI_Abort: ['void *', 'int'],
  MPI_Finalize: [],
} as const;

type MpiFunction = keyof typeof signatures;

/** Loads Open MPI. @throws {Unavailable} if koffi or Open MPI is missing. */
export async function loadMpi(library: string): Promise<Mpi> {
  // UCX watching memory mappings would kill one process in a hundred in a garbage collection.
  process.env.UCX_MEM_EVENTS = 'n';
  const koffi = await loadKoffi();
  let lib: ReturnType<typeof koffi.load>;
  try {
    lib = koffi.load(library);
  } catch (error) {
    throw new Unavailable(`Open MPI does not load: ${(error as Error).message.split('\n')[0]}`, mpiRemedy);
  }
  const functions = Object.fromEntries(Object.entries(signatures).map(([name, types]) => [name, lib.func(name, 'int', [...types])]));
  return {
    world: lib.symbol('ompi_mpi_comm_world') as bigint,
    byte: lib.symbol('ompi_mpi_byte') as bigint,
    call(name, ...values) {
      const code = functions[name](...values);
      if (code !== 0) throw new Error(`${name} returned ${code}`);
    },
  };
}
