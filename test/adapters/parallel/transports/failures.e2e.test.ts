import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { Unavailable } from '../../../../adapters/kernel.js';
import { type Outside, type TransportOptions, Transports } from '../../../../adapters/parallel/job/outside-transports.js';
import { title } from '../../../backend.js';
import { bitsOf, endOf, mpi, parallelCase, runCase, setupOf } from './support.js';

const faulty = setupOf('./test/adapters/parallel/transports/kernels/faulty-rank.js');
const open: Transports[] = [];
afterAll(() => Promise.all(open.map((transports) => transports[Symbol.asyncDispose]())));

function started(options: TransportOptions = {}, setup = faulty): Transports {
  const transports = new Transports(setup, options);
  open.push(transports);
  return transports;
}

/** A job whose fault is the seed's (kernels/faulty-rank.js). */
const job = (transport: Outside, seed = 3) => parallelCase({ n: 7 }, { scheme: 'ring-striped', ranks: 3, transport }, seed);
const [throws, exits, killed, hangs, throwsLater, killsItsParent] = [101, 102, 103, 104, 105, 106];

describe('a rank in a worker thread', () => {
  const transports = started();

  it.each([
    ['that throws', throws, 'threw', 'rank 1 failed: this block is beyond it'],
    ['that exits', exits, 'died', 'rank 1 died: its thread exited with code 3'],
    ['that throws out of turn', throwsLater, 'died', 'rank 1 died: thrown out of turn'],
  ])('%s ends the job on all', async (_, seed, how, message) => {
    const failed = await endOf(job('workers', seed), transports);
    expect(failed).toMatchObject({ how, message });
    expect(failed?.ranks).toHaveLength(3);
    expect(failed?.ranks[0]).toBe(message);
  });

  it('does its next job as if nothing had been', async () => {
    await endOf(job('workers', throws), transports);
    expect(bitsOf(await runCase(job('workers'), false, transports))).toEqual(bitsOf(await runCase(simulated(), false)));
  });

  it('that hangs ends the job when its time is over, and it is said who waits for whom', async () => {
    const failed = await endOf(job('workers', hangs), started({ timeout: 2000 }));
    expect(failed?.how).toBe('timeout');
    expect(failed?.message).toContain('did not end within 2 s');
    expect(failed?.message).toContain('rank 2 waits for rank 1 on world/0');
  });

  it('that is slow to start is unavailable', async () => {
    await expect(runCase(job('workers'), false, started({ startTimeout: 1 }))).rejects.toThrow('did not start within 0.001 s');
  });

  it('whose adapter does not open is unavailable', async () => {
    const transports = started({}, setupOf('python:./nowhere.py:attention'));
    await expect(runCase(job('workers'), false, transports)).rejects.toThrow(Unavailable);
  });
});

describe.skipIf(mpi.missing)(title('a rank on Open MPI', mpi), () => {
  const transports = started();

  it.each([
    ['that throws', throws, 'threw', 'rank 1 failed: this block is beyond it'],
    ['that exits', exits, 'died', 'rank 1 died: exited with code 3'],
    ['that is killed', killed, 'died', 'rank 1 died: by signal 9 (Killed)'],
    ['that throws out of turn', throwsLater, 'threw', 'rank 1 failed: thrown out of turn'],
  ])('%s ends the job on all', async (_, seed, how, message) => {
    const failed = await endOf(job('mpi', seed), transports);
    expect(failed).toEqual({ how, message, ranks: [message, message, message] });
  });

  it('does its next job as if nothing had been', async () => {
    expect(bitsOf(await runCase(job('mpi'), false, transports))).toEqual(bitsOf(await runCase(simulated(), false)));
  });

  it('that hangs ends the job when its time is over, and it is said who waits for whom', async () => {
    const failed = await endOf(job('mpi', hangs), started({ timeout: 2000 }));
    expect(failed?.how).toBe('timeout');
    expect(failed?.message).toContain('rank 2 waits for rank 1 on world/0');
  });

  it('whose mpirun is killed leaves no file behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'attention-cts-mpirun-'));
    const [ours, system] = ['ours', 'system'].map((name) => join(folder, name));
    for (const path of [ours, system]) mkdirSync(path);
    vi.stubEnv('TMPDIR', system);
    try {
      const transports = started({}, { ...faulty, load: { tmp: ours } });
      expect(await endOf(job('mpi', killsItsParent), transports)).toMatchObject({ how: 'died' });
      expect(readdirSync(ours)).toHaveLength(1);
      await transports[Symbol.asyncDispose]();
      expect([ours, system].flatMap((path) => readdirSync(path))).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true });
    }
  });

  it('that is slow to start is unavailable', async () => {
    await expect(runCase(job('mpi'), false, started({ startTimeout: 1 }))).rejects.toThrow(Unavailable);
  });

  it('whose library is missing is unavailable, with the remedy', async () => {
    const transports = started({ mpi: { library: 'libmpi-nowhere.so' } });
    await expect(runCase(job('mpi'), false, transports)).rejects.toMatchObject({
      name: 'Unavailable',
      reason: expect.stringContaining('Open MPI does not load'),
      remedy: 'apt install openmpi-bin libopenmpi3',
    });
  });
});

describe('transports', () => {
  it('on which mpirun is missing are unavailable, with the remedy', async () => {
    const transports = started({ mpi: { command: 'mpirun-nowhere' } });
    await expect(runCase(job('mpi'), false, transports)).rejects.toMatchObject({
      name: 'Unavailable',
      reason: 'mpirun-nowhere is not installed',
      remedy: 'apt install openmpi-bin libopenmpi3',
    });
  });

  it('are needed by a case that names one, and take none of the faults that are simulated', async () => {
    await expect(runCase(job('workers'), false)).rejects.toThrow('this run cannot start ranks on the transport workers');
    const parallel = { scheme: 'ring', ranks: 2, transport: 'workers', fault: { kind: 'drop', message: 0 } } as const;
    await expect(runCase(parallelCase({ n: 4 }, parallel), false, started())).rejects.toThrow('can only be simulated');
  });
});

function simulated() {
  return parallelCase({ n: 7 }, { scheme: 'ring-striped', ranks: 3 });
}
