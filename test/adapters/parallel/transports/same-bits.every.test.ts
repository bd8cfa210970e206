import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Outside, Transports } from '../../../../adapters/parallel/job/outside-transports.js';
import { schemePrograms } from '../../../../adapters/parallel/programs/index.js';
import type { Case } from '../../../../spec/types/documents.js';
import { title } from '../../../backend.js';
import { asksAll, firstOf } from '../../../some.js';
import { bitsOf, mpi, parallelCase, runCase, setupFor, setupOf } from './support.js';

/** Even, uneven, and of one query: each scheme takes one of them at least on 1 to 4 ranks. */
const shapes = [
  { hk: 12, n: 24 },
  { hk: 2, g: 2, n: 7 },
  { g: 2, m: 1, n: 7 },
];
/** On Open MPI each rank is a process: a world of an even number of ranks and one of an odd number will do. */
const worlds: Readonly<Record<Outside, readonly number[]>> = {
  workers: firstOf([3, 1, 2, 4], 1),
  mpi: firstOf([2, 3], 1),
};

const opened = new Map<string, Transports>();
afterAll(async () => {
  for (const transports of opened.values()) await transports[Symbol.asyncDispose]();
});

/** Ranks with the kernel that a scheme needs, started once for each kernel. */
async function transportsFor(scheme: string): Promise<Transports> {
  const setup = await setupFor(scheme);
  const transports = opened.get(setup.source) ?? new Transports(setup);
  opened.set(setup.source, transports);
  return transports;
}

async function sameBits(scheme: string, transport: Outside, backward: boolean): Promise<Set<number>> {
  const computed = new Set<number>();
  const transports = await transportsFor(scheme);
  for (const ranks of worlds[transport]) {
    for (const shape of shapes) {
      const here: Case = parallelCase(shape, { scheme, ranks });
      // a mask of its own may be square
      if ('name' in here.mask && here.mask.name === 'star' && shape.m !== undefined) continue;
      const simulated = await runCase(here, backward);
      if (simulated.outcome) continue;
      const there = await runCase({ ...here, parallel: { scheme, ranks, transport } }, backward, transports);
      expect(bitsOf(there), `${scheme} on ${ranks} ranks, ${JSON.stringify(shape)}`).toEqual(bitsOf(simulated));
      computed.add(ranks);
    }
  }
  return computed;
}

describe('ranks in worker threads give the bits, bytes and areas of simulated ones', () => {
  it.each(schemePrograms.map(({ name, backward }) => [name, backward !== undefined] as const))('%s', async (name, trains) => {
    expect([...(await sameBits(name, 'workers', false))]).toEqual(worlds.workers);
    if (trains) expect([...(await sameBits(name, 'workers', true))]).toEqual(worlds.workers);
  });
});

describe.skipIf(mpi.missing)(title('ranks on Open MPI give the bits, bytes and areas of simulated ones', mpi), () => {
  it.each(schemePrograms.map(({ name, backward }) => [name, backward !== undefined] as const))('%s', async (name, trains) => {
    expect([...(await sameBits(name, 'mpi', false))]).toEqual(worlds.mpi);
    if (trains) expect([...(await sameBits(name, 'mpi', true))]).toEqual(worlds.mpi);
  });

  it.skipIf(asksAll)('on the hosts of a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hosts-'));
    const hostfile = join(folder, 'hosts');
    writeFileSync(hostfile, 'localhost slots=2\n');
    const hosts = new Transports(setupOf('reference'), { mpi: { hostfile } });
    try {
      const here = parallelCase(shapes[0], { scheme: 'ring', ranks: 2 });
      const there = await runCase({ ...here, parallel: { scheme: 'ring', ranks: 2, transport: 'mpi' } }, true, hosts);
      expect(bitsOf(there)).toEqual(bitsOf(await runCase(here, true)));
    } finally {
      await hosts[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    }
  });
});
