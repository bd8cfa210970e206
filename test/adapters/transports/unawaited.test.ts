import { expect, it } from 'vitest';
import { SimulatedWorld } from '../../../adapters/transports/simulated/world.js';
import { tensorOf } from '../../../spec/tensor/tensor.js';

// an unhandled rejection would fail this file
it('a program that awaits none of its sends ends its job alone where a rank is killed', async () => {
  const world = new SimulatedWorld(2, { fault: { kind: 'kill', message: 0 } });
  const job = world.run(async (comm) => {
    void comm.isend(1 - comm.rank, [tensorOf('f32', [1], [1])], 0);
    await comm.irecv(1 - comm.rank, 0);
  });
  await expect(job).rejects.toMatchObject({ name: 'SchemeFailed' });
});
