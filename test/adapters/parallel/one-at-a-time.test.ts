import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { reference } from '../../../adapters/controls/reference/index.js';
import type { Call } from '../../../adapters/kernel.js';
import { simulateScheme } from '../../../adapters/parallel/job/scheme-job.js';
import { capabilities, inputsOf, library, schemeCase } from './support.js';

it('a kernel that takes its time is not called again meanwhile', async () => {
  const correct = await reference.open();
  let running = 0;
  let calls = 0;
  const slowly = async (call: Call, ask: typeof correct.forward) => {
    expect(++running).toBe(1);
    await turn();
    const outputs = await ask(call);
    running--;
    calls++;
    return outputs;
  };
  const kernel = {
    forward: (call: Call) => slowly(call, correct.forward),
    backward: (call: Call) => slowly(call, correct.backward as typeof correct.forward),
  };
  const c = schemeCase({ n: 12 }, { name: 'full' });
  const call = { case: { ...c, parallel: { scheme: 'ring', ranks: 4 } }, tensors: inputsOf(c, 'backward') };
  await simulateScheme(library, kernel, capabilities, call, true);
  expect(calls).toBe(2 * 16);
});
