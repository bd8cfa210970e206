import type { Parallel } from '../../../spec/types/documents.js';
import { Unsupported } from '../../kernel.js';
import type { MpiOptions } from '../transports/mpi/index.js';
import type { Limits, RankSetup, Transport } from '../transports/transport.js';

/** Transports with ranks outside of this thread. */
export type Outside = 'workers' | 'mpi';

export interface TransportOptions extends Limits {
  readonly mpi?: Omit<MpiOptions, keyof Limits>;
}

/** Ranks of an adapter on every transport, started on demand and kept between jobs. */
export class Transports implements AsyncDisposable {
  private readonly open = new Map<Outside, Promise<Transport>>();

  constructor(
    private readonly setup: RankSetup,
    private readonly options: TransportOptions = {},
  ) {}

  /** Returns a transport. @throws {Unavailable} if it cannot start; MPI processes fail in `run`. */
  of(name: Outside): Promise<Transport> {
    let transport = this.open.get(name);
    if (!transport) {
      transport = this.start(name);
      this.open.set(name, transport);
    }
    return transport;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const transports = await Promise.allSettled(this.open.values());
    this.open.clear();
    await Promise.all(transports.map((t) => (t.status === 'fulfilled' ? t.value[Symbol.asyncDispose]() : undefined)));
  }

  private async start(name: Outside): Promise<Transport> {
    const { mpi, ...limits } = this.options;
    if (name === 'workers') return new (await import('../transports/workers/index.js')).WorkersTransport(this.setup, limits);
    return new (await import('../transports/mpi/index.js')).MpiTransport(this.setup, { ...mpi, ...limits });
  }
}

/** Returns a case's transport, if not simulated. @throws {Unsupported} for faults and orders. */
export async function outsideOf(
  { transport, fault, orders }: Parallel,
  transports: Transports | undefined,
): Promise<Transport | undefined> {
  if (transport !== 'workers' && transport !== 'mpi') return undefined;
  if (!transports) throw new Unsupported(`this run cannot start ranks on the transport ${transport}`);
  if (fault || orders !== undefined)
    throw new Unsupported(`faults and delivery orders of messages can only be simulated, not caused on the transport ${transport}`);
  return transports.of(transport);
}
