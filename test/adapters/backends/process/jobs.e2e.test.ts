import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadAdapter } from '../../../../adapters/load.js';
import { resolveCapabilities } from '../../../../spec/claims/capabilities.js';
import { Claims } from '../../../../spec/claims/claims.js';
import { createLibrary } from '../../../../spec/library.js';
import { tensor } from '../../../../spec/tensor/tensor.js';
import type { Case } from '../../../../spec/types/documents.js';

// A job that says of every call how many ranks it was started with, how many calls it has had, and which scheme was asked for.
const program = `
const [world, schemes] = process.argv.slice(2);
let calls = 0;
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  const say = (answer) => console.log(JSON.stringify(answer));
  if (message.cmd === 'stop') process.exit(0);
  if (message.cmd === 'start')
    return say({ protocol: 1, adapter: { id: 'job', title: 'job', version: '1' }, environment: {}, capabilities: { dtypes: ['f32'], operators: ['softmax'], schemes: JSON.parse(schemes) } });
  say({ seq: message.seq, unsupported: 'call ' + ++calls + ' of the job of ' + world + (message.case.parallel ? ', ' + message.case.parallel.scheme : '') });
});`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attention-cts-jobs-'));
  writeFileSync(join(folder, 'job.cjs'), program);
});
afterAll(() => rmSync(folder, { recursive: true }));

const load = (schemes: object) => loadAdapter(`process:"${process.execPath}" "${folder}/job.cjs" {world} '${JSON.stringify(schemes)}'`);

const problem = (ranks?: number, scheme = 'mine'): Case => ({
  operator: 'softmax',
  dims: { b: 1, hk: 1, g: 1, m: 2, n: 2, d: 1, e: 1 },
  mask: { name: 'full' },
  options: {},
  dtype: 'f32',
  layout: 'bhld',
  values: { distribution: 'normal', seed: 0 },
  ...(ranks !== undefined && { parallel: { scheme, ranks, transport: 'own' } }),
});

it('each number of ranks has a job of its own, which is kept', async () => {
  const kernel = await (await load({ mine: { worlds: [1, 2, 3] } })).open();
  const q = tensor('f32', [1, 1, 2, 1], new Float32Array(2));
  const said = async (ranks?: number) =>
    kernel.forward({ case: problem(ranks), tensors: { q, k: q, v: q } }).catch((error: Error) => error.message);
  try {
    expect(await said(2)).toBe('call 1 of the job of 2, mine');
    expect(await said(3)).toBe('call 1 of the job of 3, mine');
    expect(await said(2)).toBe('call 2 of the job of 2, mine');
    // one rank is what said what the adapter is
    expect(await said(1)).toBe('call 1 of the job of 1, mine');
    expect(await said()).toBe('call 2 of the job of 1');
  } finally {
    await kernel[Symbol.asyncDispose]();
  }
});

it('the document that "spec" names comes with the claims', async () => {
  const document = { ...createLibrary().schemes.get('ring'), name: 'mine' };
  writeFileSync(join(folder, 'mine.json'), JSON.stringify(document));
  const adapter = await load({ mine: { worlds: [2], spec: join(folder, 'mine.json') } });
  expect(adapter.capabilities.schemes?.mine.document).toEqual(document);
  await (await adapter.open())[Symbol.asyncDispose]();
});

it('a scheme named like one of the suite has the id of its adapter in front, and hears its own name', async () => {
  const library = createLibrary();
  writeFileSync(join(folder, 'ring.json'), JSON.stringify(library.schemes.get('ring')));
  const adapter = await load({ ring: { worlds: [2], spec: join(folder, 'ring.json') } });
  expect(Object.keys(adapter.capabilities.schemes ?? {})).toEqual(['job-ring']);
  const claims = Claims.of(library, resolveCapabilities(adapter.capabilities, 'job'));
  expect(claims.library.schemes.get('job-ring')?.volume).toEqual(library.schemes.get('ring')?.volume);
  const kernel = await adapter.open();
  const q = tensor('f32', [1, 1, 2, 1], new Float32Array(2));
  try {
    const call = { case: problem(2, 'job-ring'), tensors: { q, k: q, v: q } };
    await expect(kernel.forward(call)).rejects.toThrow('call 1 of the job of 2, ring');
    expect(call.case.parallel?.scheme).toBe('job-ring');
  } finally {
    await kernel[Symbol.asyncDispose]();
  }
});

it('a document that is not there, or not one, makes it unavailable', async () => {
  await expect(load({ mine: { worlds: [2], spec: '/nowhere/mine.json' } })).rejects.toThrow(/unavailable|nowhere/);
  writeFileSync(join(folder, 'bad.json'), '{"name": "mine"}');
  await expect(load({ mine: { worlds: [2], spec: join(folder, 'bad.json') } })).rejects.toThrow('"version" is missing');
});
