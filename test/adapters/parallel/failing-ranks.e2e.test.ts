import { expect, it } from 'vitest';
import { reference } from '../../../adapters/controls/reference/index.js';
import { simulateScheme } from '../../../adapters/parallel/job/scheme-job.js';
import { tensorsOf } from '../../../generators/tensors.js';
import { Claims } from '../../../spec/claims/claims.js';
import { capabilities, library, onRanks, schemeCase } from './support.js';

const schemes = ['ring', 'ulysses', 'all-gather-zigzag', 'usp', 'double-ring', 'double-ring-context'];
const c = schemeCase({ hk: 2, g: 4, n: 16 }, { name: 'causal' }, { sink: true });

it.each(schemes)('%s ends where a kernel throws on one rank, in whichever call', async (scheme) => {
  const kernel = await reference.open();
  const { dlse: _, ...tensors } = tensorsOf(Claims.of(library, capabilities), c, 'backward');
  for (const at of [0, 3, 9]) {
    for (const command of ['forward', 'backward'] as const) {
      let calls = 0;
      const failing = {
        forward: kernel.forward,
        backward: kernel.backward,
        [command]: (call: Parameters<typeof kernel.forward>[0]) =>
          calls++ === at % 8 ? Promise.reject(new Error('out of order')) : kernel[command]?.(call),
      };
      const job = simulateScheme(
        library,
        failing,
        capabilities,
        { case: { ...c, parallel: { scheme, ranks: 8, schedule: at } }, tensors },
        true,
      );
      await expect(job).rejects.toThrow(/rank \d failed: out of order/);
    }
  }
});

it.each(schemes)('%s ends where a message is lost, doubled, or its rank dies', async (scheme) => {
  for (const message of [0, 20, 60]) {
    for (const kind of ['drop', 'duplicate', 'kill'] as const) {
      const faulty = { ...c, parallel: { scheme, ranks: 8, schedule: message + 1, fault: { kind, message } } };
      const { dlse: _, ...tensors } = tensorsOf(Claims.of(library, capabilities), c, 'backward');
      await expect(simulateScheme(library, await reference.open(), capabilities, { case: faulty, tensors }, true)).rejects.toThrow();
    }
  }
});

it.each(schemes)('%s gives the same bits in every order of messages', async (scheme) => {
  const [first, ...others] = await Promise.all([0, 1, 2, 3, 4, 5].map((schedule) => onRanks(c, scheme, 8, 'backward', schedule)));
  for (const other of others) expect(other).toEqual(first);
});
