import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { encodeSafetensors } from '../../../spec/tensor/safetensors.js';
import { tensorOf } from '../../../spec/tensor/tensor.js';
import { attnCts } from '../cli/attn-cts.js';

/** Folder of the readers of vectors in other languages. */
export const readers = join(import.meta.dirname, '..', '..', '..', 'suites', 'vectors');

/** An empty folder, gone after the tests of the file. */
export function scratchFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `attn-cts-${name}-`));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Exports forward cases of softmax attention, with masks by name, as many queries as keys or fewer, in three types. */
export async function exportVectors(out: string): Promise<void> {
  const capabilities = JSON.parse(readFileSync(join(readers, 'cpp/example/capabilities.json'), 'utf8'));
  const file = `${out}.json`;
  writeFileSync(file, JSON.stringify({ ...capabilities, dtypes: ['f32', 'f16', 'bf16'] }));
  const filters = ['softmax/causal/oracle/*', 'softmax+cross/any/oracle/*', 'softmax+all/any/oracle/f32'];
  const flags = filters.flatMap((filter) => ['--filter', filter]);
  expect(await attnCts('vectors', '--out', out, '--capabilities', file, '--cases', '3', ...flags)).toMatchObject({ code: 0 });
}

/** Copy of a file with a fault: one text replaced. */
export function faulty(from: string, to: string, text: string, fault: string): string {
  const source = readFileSync(from, 'utf8');
  expect(source).toContain(text);
  mkdirSync(join(to, '..'), { recursive: true });
  writeFileSync(to, source.replace(text, fault));
  return to;
}

/** Copies a folder without build outputs. */
export function copyOf(from: string, to: string): string {
  cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith('/target') });
  return to;
}

/** An element: its expected value, its bound and the number of a kernel. */
export type Judged = readonly [expected: number, bound: number, actual: number];

/** Writes a folder with one case, whose output `o` has shape [elements ÷ 2, 2]. */
export function writeVector(folder: string, elements: readonly Judged[]): void {
  const shape = [elements.length / 2, 2];
  const column = (at: number) =>
    tensorOf(
      'f64',
      shape,
      elements.map((element) => element[at]),
    );
  mkdirSync(join(folder, 'vectors'), { recursive: true });
  const tensors = { 'expected.o': column(0), 'bound.o': column(1), q: tensorOf('bf16', [2], [1, -2]), mask: tensorOf('bool', [2], [1, 0]) };
  writeFileSync(join(folder, 'vectors/0.safetensors'), encodeSafetensors(tensors, { pass: 'forward' }));
  const c = { operator: 'softmax', dtype: 'f32', dims: { n: 3 }, mask: { name: 'full' }, options: { scale: 0.5, sink: true } };
  const vectors = [{ check: 'softmax/full/oracle/f32', case: c, pass: 'forward', file: 'vectors/0.safetensors' }];
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ format: 1, vectors }));
}
