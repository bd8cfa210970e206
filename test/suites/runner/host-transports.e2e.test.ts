import { describe, expect, it } from 'vitest';
import type { Parallel } from '../../../spec/types/documents.js';
import { Host } from '../../../suites/runner/host/host.js';
import { unpack } from '../../../suites/runner/host/wire.js';
import { faultOutcome } from '../../../suites/runner/run/outcome.js';
import { mpi, parallelCase } from '../../adapters/parallel/transports/support.js';

describe('a host', () => {
  it('gives the same answers to a case of a scheme on every transport', async () => {
    const start = await Host.start({ source: 'reference', documents: [], dialect: {}, timeout: 60_000, startTimeout: 60_000 });
    if (start.state !== 'open') throw new Error(start.reason);
    const { host } = start;
    try {
      const onTransport = async (transport: Parallel['transport']) => {
        const c = parallelCase({ g: 2, n: 7 }, { scheme: 'ring', ranks: 2, transport });
        const { replies } = await host.run([[{ command: 'forward', case: c }]], 60_000);
        expect(replies).toMatchObject([{ kind: 'reply', reply: { calls: [expect.objectContaining({ o: expect.anything() })] } }]);
        const [{ reply, data }] = replies as Extract<(typeof replies)[number], { kind: 'reply' }>[];
        const { nanoseconds, ...outputs } = unpack(reply.calls[0], data as ArrayBuffer);
        expect(nanoseconds === undefined).toBe(transport === 'simulated');
        return outputs;
      };
      const simulated = await onTransport('simulated');
      expect(await onTransport('workers')).toEqual(simulated);
      if (mpi.missing === undefined) expect(await onTransport('mpi')).toEqual(simulated);
    } finally {
      await host.stop();
    }
  });

  it('says what its ranks take where they cannot be started, which is no refusal of the kernel', async () => {
    const { PATH } = process.env;
    process.env.PATH = '/nowhere';
    const start = await Host.start({ source: 'reference', documents: [], dialect: {}, timeout: 60_000, startTimeout: 60_000 });
    process.env.PATH = PATH;
    if (start.state !== 'open') throw new Error(start.reason);
    const { host } = start;
    try {
      const c = parallelCase({ g: 2, n: 7 }, { scheme: 'ring', ranks: 2, transport: 'mpi' });
      const { replies } = await host.run([[{ command: 'forward', case: c }]], 60_000);
      const [{ reply }] = replies as { reply: { fault: Parameters<typeof faultOutcome>[0] } }[];
      expect(reply.fault).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('apt install openmpi-bin') });
      expect(faultOutcome(reply.fault)).toMatchObject({ status: 'unavailable' });
    } finally {
      await host.stop();
    }
  });
});
