import { describe, expect, it } from 'vitest';
import type { Communicator } from '../../../adapters/parallel/communicator.js';
import { RankCommunicator } from '../../../adapters/parallel/transports/rank-communicator.js';
import { SimulatedWorld } from '../../../adapters/parallel/transports/simulated/world.js';
import { VirtualWorld } from '../../../adapters/parallel/transports/virtual/world.js';
import { WireEndpoint } from '../../../adapters/parallel/transports/wire-endpoint.js';
import { tensorOf } from '../../../spec/tensor/tensor.js';

const one = () => [tensorOf('f32', [1], [1])];

/** Operations that a program may begin and then never await. */
const begun: Record<string, (comm: Communicator, other: number) => Promise<unknown>> = {
  isend: (comm, other) => comm.isend(other, one(), 1),
  irecv: (comm, other) => comm.irecv(other, 1),
  isendrecv: (comm, other) => comm.isendrecv(other, one(), other, 1),
  allGather: (comm) => comm.allGather(one()),
  allToAll: (comm) => comm.allToAll([one(), one()]),
  reduceScatter: (comm) => comm.reduceScatter([one(), one()]),
  allReduce: (comm) => comm.allReduce(one()),
  barrier: (comm) => comm.barrier(),
  split: (comm) => comm.split(0, comm.rank),
  // a simulated device does not fail
  external: (comm) => comm.external(Promise.reject(new Error('a kernel failed'))),
};

/** Program in which rank 1 fails while rank 0 waits, after both have begun an operation. */
async function leaves(comm: Communicator, begin: (typeof begun)[string]): Promise<void> {
  const other = 1 - comm.rank;
  void begin(comm, other);
  if (comm.rank === 1) throw new Error('rank 1 is done for');
  await comm.irecv(other, 2);
}

const machine = { link: () => ({ alpha: 1, beta: 1, name: 'near' }), seconds: () => 1 };

// an unhandled rejection would fail this file
describe('what a program never awaits ends its job alone', () => {
  for (const [name, begin] of Object.entries(begun)) {
    it(`${name}, where a rank fails`, async () => {
      const simulated = new SimulatedWorld(2).run((comm) => leaves(comm, begin));
      await expect(simulated).rejects.toMatchObject({ name: 'SchemeFailed' });
      if (name !== 'external') {
        const virtual = new VirtualWorld(2, machine).run((comm) => leaves(comm, begin));
        await expect(virtual).rejects.toMatchObject({ name: 'SchemeFailed' });
      }
      const endpoint = new WireEndpoint(0, 2, () => {});
      const wired = leaves(new RankCommunicator(endpoint), begin);
      endpoint.fail(new Error('rank 1 is done for'));
      await expect(wired).rejects.toThrow('rank 1 is done for');
    });
  }

  it('a send, where its rank is killed', async () => {
    const world = new SimulatedWorld(2, { fault: { kind: 'kill', message: 0 } });
    const job = world.run(async (comm) => {
      void comm.isend(1 - comm.rank, one(), 0);
      await comm.irecv(1 - comm.rank, 0);
    });
    await expect(job).rejects.toMatchObject({ name: 'SchemeFailed' });
  });
});
