import { anySource, loadMpi, type Mpi } from './library.js';

/** Handler of the messages of one tag. */
export type Handler = (from: number, bytes: Uint8Array) => void;

interface Sending {
  readonly request: BigInt64Array;
  /** Buffer that Open MPI reads until the request has ended. */
  readonly bytes: Uint8Array;
  resolve(): void;
}

/** Polls without a message before pauses, and before longer pauses, which free the processor. */
const patience = 200;
const longPatience = 3000;
/** Maximum number of bytes of a message: Open MPI counts them in an int. */
const longest = 2 ** 31 - 1;

/** This process as a rank of mpirun, which sends and receives bytes by tag, in order. */
export class MpiWorld {
  private readonly handlers = new Map<number, Handler>();
  private sending: Sending[] = [];
  private quiet = 0;
  private running = true;
  private readonly found = new Int32Array(1);
  private readonly count = new Int32Array(1);
  private readonly message = new BigInt64Array(1);
  /** Buffer for MPI_Status, which begins with source, tag and error. */
  private readonly status = new Int32Array(6);

  private constructor(
    private readonly mpi: Mpi,
    readonly rank: number,
    readonly size: number,
  ) {
    this.poll();
  }

  /** Initializes MPI. @throws {Unavailable} if Open MPI is missing. */
  static async open(library: string): Promise<MpiWorld> {
    const mpi = await loadMpi(library);
    mpi.call('MPI_Init', null, null);
    const [rank, size] = [new Int32Array(1), new Int32Array(1)];
    mpi.call('MPI_Comm_rank', mpi.world, rank);
    mpi.call('MPI_Comm_size', mpi.world, size);
    return new MpiWorld(mpi, rank[0], size[0]);
  }

  /** Sets the handler of a tag. Messages of a tag without a handler stay queued in MPI. */
  on(tag: number, handler: Handler): void {
    this.handlers.set(tag, handler);
    this.quiet = 0;
  }

  off(tag: number): void {
    this.handlers.delete(tag);
  }

  /** Sends bytes, which must not change until then. @throws {RangeError} beyond 2 GiB. */
  send(to: number, tag: number, bytes: Uint8Array): Promise<void> {
    if (bytes.length > longest)
      return Promise.reject(new RangeError(`a message has ${bytes.length} bytes, but Open MPI sends at most ${longest}`));
    const { mpi } = this;
    const request = new BigInt64Array(1);
    mpi.call('MPI_Isend', bytes, bytes.length, mpi.byte, to, tag, mpi.world, request);
    this.quiet = 0;
    return new Promise((resolve) => {
      this.sending.push({ request, bytes, resolve });
    });
  }

  abort(code: number): void {
    this.mpi.call('MPI_Abort', this.mpi.world, code);
  }

  finalize(): void {
    this.running = false;
    this.mpi.call('MPI_Finalize');
  }

  private readonly poll = (): void => {
    if (!this.running) return;
    this.quiet = this.finishSends() || this.takeMessages() ? 0 : this.quiet + 1;
    if (!this.running) return;
    if (this.quiet < patience) setImmediate(this.poll);
    else setTimeout(this.poll, this.quiet < longPatience ? 1 : 5);
  };

  private finishSends(): boolean {
    const before = this.sending.length;
    this.sending = this.sending.filter(({ request, resolve }) => {
      this.mpi.call('MPI_Test', request, this.found, this.status);
      if (this.found[0] !== 0) resolve();
      return this.found[0] === 0;
    });
    return this.sending.length < before;
  }

  private takeMessages(): boolean {
    const { mpi, found, count, message, status } = this;
    let any = false;
    for (const [tag, handler] of [...this.handlers]) {
      while (this.handlers.get(tag) === handler) {
        mpi.call('MPI_Improbe', anySource, tag, mpi.world, found, message, status);
        if (found[0] === 0) break;
        any = true;
        const [from] = status;
        mpi.call('MPI_Get_count', status, mpi.byte, count);
        const bytes = new Uint8Array(count[0]);
        mpi.call('MPI_Mrecv', bytes, bytes.length, mpi.byte, message, status);
        handler(from, bytes);
      }
    }
    return any;
  }
}
