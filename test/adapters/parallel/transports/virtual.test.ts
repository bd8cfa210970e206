import { describe, expect, it } from 'vitest';
import { anyRank, type Communicator } from '../../../../adapters/parallel/communicator.js';
import type { VirtualMachine } from '../../../../adapters/parallel/transports/virtual/machine.js';
import type { VirtualRank } from '../../../../adapters/parallel/transports/virtual/rank.js';
import { withWaits } from '../../../../adapters/parallel/transports/virtual/timeline.js';
import { VirtualWorld } from '../../../../adapters/parallel/transports/virtual/world.js';
import { shapeOnly, tensorOf, valuesOf } from '../../../../spec/tensor/tensor.js';

// two ranks to a node; a byte takes a second inside, two between
const machine: VirtualMachine = {
  link: (from, to) => (from >> 1 === to >> 1 ? { alpha: 10, beta: 1, name: 'near' } : { alpha: 100, beta: 2, name: 'far' }),
  seconds: (flops, pass) => (pass === 'forward' ? flops : 2 * flops),
  blockSeconds: 5,
};
const bytes = (count: number) => [shapeOnly('bool', [count])];

async function run(size: number, program: (comm: Communicator, rank: VirtualRank) => Promise<unknown>): Promise<VirtualWorld> {
  const world = new VirtualWorld(size, machine, true);
  await world.run(program);
  return world;
}

const endOf = (world: VirtualWorld, rank: number, phase = 'forward') => world.ranks[rank].phases.get(phase)?.end;

describe('a virtual world', () => {
  it('takes α + β·bytes for a message, by the class of its link', async () => {
    for (const [to, seconds] of [
      [1, 10 + 7],
      [2, 100 + 2 * 7],
    ]) {
      const world = await run(3, async (comm) => {
        if (comm.rank === 0) await comm.isend(to, bytes(7), 0);
        if (comm.rank === to) await comm.irecv(0, 0);
      });
      expect(endOf(world, to)).toBe(seconds);
      expect(endOf(world, 0)).toBe(seconds);
    }
  });

  it('sends and receives on a port one message after the other, and on ports of other classes side by side', async () => {
    const one = await run(3, async (comm) => {
      if (comm.rank === 0) await Promise.all([comm.isend(1, bytes(7), 0), comm.isend(1, bytes(7), 1), comm.isend(2, bytes(7), 0)]);
      if (comm.rank === 1) await Promise.all([comm.irecv(0, 0), comm.irecv(0, 1)]);
      if (comm.rank === 2) await comm.irecv(0, 0);
    });
    expect([endOf(one, 1), endOf(one, 2)]).toEqual([10 + 14, 100 + 14]);
    const many = await run(6, async (comm) => {
      if (comm.rank > 1) await comm.isend(0, bytes(7), 0);
      if (comm.rank === 0) for (let from = 2; from < 6; from++) await comm.irecv(from, 0);
    });
    expect(endOf(many, 0)).toBe(100 + 4 * 14);
    expect(many.bytesByLink.get('forward')?.get('far')).toBe(28);
  });

  it('computes while messages travel where the program lets it, and one thing at a time', async () => {
    const world = await run(2, async (comm, rank) => {
      const coming = comm.isendrecv(1 - comm.rank, bytes(30), 1 - comm.rank, 0);
      await Promise.all([rank.kernel(20, 'forward', 'a'), rank.kernel(20, 'forward', 'b')]);
      await coming;
      comm.enter('backward');
      await rank.kernel(20, 'backward', 'c');
    });
    // 2·(5 + 20) of kernels, under which the 40 of the message lie; then 5 + 2·20
    expect([endOf(world, 0), endOf(world, 0, 'backward')]).toEqual([50, 95]);
    expect(world.ranks[0].phases.get('forward')?.computeSeconds).toBe(50);
  });

  it('goes on after the work of a program itself', async () => {
    const world = await run(2, async (comm) => {
      if (comm.rank === 1) return comm.irecv(0, 0);
      comm.compute(40);
      return comm.isend(1, bytes(7), 0);
    });
    expect(endOf(world, 1)).toBe(40 + 17);
    expect(withWaits(world.intervals, [57, 57])).toEqual([
      { rank: 0, from: 0, to: 40, kind: 'compute', label: 'forward' },
      { rank: 0, from: 40, to: 47, kind: 'send', label: 'near to rank 1' },
      { rank: 0, from: 40, to: 57, kind: 'wait' },
      { rank: 1, from: 0, to: 57, kind: 'wait' },
    ]);
  });

  it('holds what arrived until the next of the same sender and tag, or of the next collective', async () => {
    const world = await run(2, async (comm) => {
      const other = 1 - comm.rank;
      for (let x = 0; x < 3; x++) await comm.isendrecv(other, bytes(8), other, 0);
      await comm.allGather(bytes(4));
      await comm.allGather(bytes(6));
    });
    // 8 and the next 8 at once; then 8, 4 and the next 6
    expect(world.ranks[0].phases.get('forward')?.heldBytes).toBe(18);
  });

  it('carries numbers, takes no time to make groups, and receives from any rank', async () => {
    const world = new VirtualWorld(4, machine);
    const results = await world.run(async (comm) => {
      comm.enter('setup');
      const pair = await comm.split(comm.rank % 2, -comm.rank);
      comm.enter('forward');
      const [sum] = await pair.allReduce([tensorOf('f32', [1], [comm.rank])]);
      if (comm.rank !== 0) await comm.isend(0, [sum], 0);
      const got: number[] = [];
      if (comm.rank === 0) for (let x = 0; x < 3; x++) got.push(...valuesOf((await comm.irecv(anyRank, 0))[0]));
      return { rank: pair.rank, sum: valuesOf(sum)[0], got: got.sort() };
    });
    expect(results.map(({ rank, sum }) => [rank, sum])).toEqual([
      [1, 2],
      [1, 4],
      [0, 2],
      [0, 4],
    ]);
    expect(results[0].got).toEqual([2, 4, 4]);
    expect(world.ranks[0].phases.get('setup')?.end).toBe(0);
  });

  it('tells who waits for whom, what is left over, and who failed', async () => {
    await expect(run(2, (comm) => comm.irecv(1 - comm.rank, 0))).rejects.toMatchObject({
      how: 'deadlock',
      message: 'rank 0 waits for rank 1 on world/0; rank 1 waits for rank 0 on world/0',
    });
    await expect(run(2, async (comm) => comm.rank === 0 && comm.isend(1, bytes(1), 3))).rejects.toMatchObject({
      how: 'unconsumed',
      message: 'nobody received a message from rank 0 to rank 1 on world/3',
    });
    const failing = run(2, async (comm) => {
      if (comm.rank === 0) throw new Error('no');
      await comm.irecv(0, 0);
    });
    await expect(failing).rejects.toMatchObject({ how: 'threw', message: 'rank 0 failed: no', ranks: ['no', 'rank 0 failed: no'] });
  });
});
