import { describe, expect, it } from 'vitest';
import { reference } from '../../../adapters/controls/reference/index.js';
import { simulateScheme } from '../../../adapters/parallel/job/scheme-job.js';
import { tensorsOf } from '../../../generators/tensors.js';
import { Claims } from '../../../spec/claims/claims.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import type { Fault } from '../../../spec/types/documents.js';
import { capabilities, library, schemeCase } from './support.js';

const c = schemeCase({ n: 16, g: 2 }, { name: 'causal' }, { sink: true });

describe.each([
  { scheme: 'magi', backward: true },
  { scheme: 'lightseq', backward: true },
  { scheme: 'tree-decode', backward: false },
  { scheme: 'dist-attention', backward: false },
])('$scheme', ({ scheme, backward }) => {
  const { dlse: _, ...tensors } = tensorsOf(Claims.of(library, capabilities), c, backward ? 'backward' : 'forward');
  const run = async (fault?: Fault) => {
    const parallel = { scheme, ranks: 4, schedule: fault?.message ?? 1, ...(fault && { fault }) };
    return simulateScheme(library, await reference.open(), capabilities, { case: { ...c, parallel }, tensors }, backward);
  };

  it.each([
    { kind: 'drop', how: /^lost$/ },
    { kind: 'duplicate', how: /^(duplicate|unconsumed)$/ },
    { kind: 'kill', how: /^died$/ },
  ] as const)('ends where any message has the fault $kind', async ({ kind, how }) => {
    const messages = valuesOf((await run()).messages)[0];
    for (let message = 0; message < messages; message++) {
      await expect(run({ kind, message }), `message ${message}`).rejects.toMatchObject({
        name: 'SchemeFailed',
        how: expect.stringMatching(how),
      });
    }
  });
});
