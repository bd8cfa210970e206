import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadAdapter } from '../../../../adapters/load.js';
import { createLibrary } from '../../../../spec/library.js';
import { tensor, valuesOf } from '../../../../spec/tensor/tensor.js';
import type { Case } from '../../../../spec/types/documents.js';
import { readSpecFolder } from '../../../../suites/lib/spec-folder.js';
import { scratch } from '../../../suites/runner/run-kernels.js';

// A process that says what it was told at its start, and gives its inputs back as its outputs.
const program = `
const { copyFileSync } = require('node:fs');
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  if (message.cmd === 'stop') process.exit(0);
  const start = () => ({ protocol: 1, adapter: { id: 'echo', title: 'echo' }, environment: { told: line },
    capabilities: { dtypes: ['f32'], operators: ['gated-pool'] } });
  if (message.cmd !== 'start') copyFileSync(message.inputs, message.outputs);
  console.log(JSON.stringify(message.cmd === 'start' ? start() : { seq: message.seq, ok: true }));
});`;

const documents = readSpecFolder(join(import.meta.dirname, '../../../kernels/named-tensors'));

async function echo(load: Parameters<typeof loadAdapter>[1]) {
  const file = join(scratch(), 'echo.cjs');
  writeFileSync(file, program);
  const kernel = await (await loadAdapter(`process:"${process.execPath}" "${file}"`, load)).open();
  return { kernel, told: JSON.parse(kernel.environment.told) };
}

it('a process is told the operators in force at its start, without their programs', async () => {
  const { operators } = createLibrary(documents);
  const { kernel, told } = await echo({ operators });
  await kernel[Symbol.asyncDispose]();
  expect(Object.keys(told.operators).sort()).toEqual([...operators.keys()].filter((name) => name !== 'softmax').sort());
  const { program: _, ...document } = operators.get('gated-pool') as object as Record<string, unknown>;
  expect(told.operators['gated-pool']).toEqual(document);
  for (const one of Object.values(told.operators))
    for (const key of ['program', 'second', 'laws', 'source']) expect(one).not.toHaveProperty(key);
});

it('a process whose caller names no operators is told the built-in ones', async () => {
  const { kernel, told } = await echo({});
  await kernel[Symbol.asyncDispose]();
  expect(Object.keys(told.operators)).toContain('linear');
  expect(Object.keys(told.operators)).not.toContain('gated-pool');
});

it('tensors of any name and kind go there and come back', async () => {
  const { kernel } = await echo(createLibrary(documents));
  const tensors = {
    gate: tensor('f32', [1, 1, 2], Float32Array.of(0.5, 0.25)),
    keep: tensor('bool', [1, 2], Uint8Array.of(1, 0)),
    bucket: tensor('i32', [1, 2], Int32Array.of(2, 0)),
  };
  const dims = { b: 1, hk: 1, g: 1, m: 1, n: 2, d: 1, e: 1, r: 3 };
  const c = { operator: 'gated-pool', dims, mask: { name: 'full' }, options: {}, dtype: 'f32', layout: 'bhld' } as unknown as Case;
  const outputs = await kernel.forward({ case: c, tensors });
  await kernel[Symbol.asyncDispose]();
  expect(Object.fromEntries(Object.entries(outputs).map(([name, t]) => [name, [t.dtype, ...valuesOf(t)]]))).toEqual({
    gate: ['f32', 0.5, 0.25],
    keep: ['bool', 1, 0],
    bucket: ['i32', 2, 0],
  });
});
