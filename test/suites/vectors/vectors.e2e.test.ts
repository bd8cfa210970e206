import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseDocument } from '../../../spec/lib/documents.js';
import { decodeSafetensors } from '../../../spec/tensor/safetensors.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import type { Vectors } from '../../../spec/types/documents.js';
import { vectorsAction } from '../../../suites/cli/actions/vectors.js';
import { UsageError } from '../../../suites/lib/usage-error.js';
import { pythonWith } from '../../adapters/backends/python/python.js';

const numpy = await pythonWith('numpy');
const examples = join(import.meta.dirname, '..', '..', '..', 'suites', 'vectors', 'examples');
const folder = mkdtempSync(join(tmpdir(), 'attn-cts-vectors-'));
const out = join(folder, 'vectors');
const filter = ['softmax/{causal,padding}/{oracle,gradient}/*', 'softmax+{softcap,sink,grouped,wide-v}/any/oracle/*'];

async function make(flags: Omit<Parameters<typeof vectorsAction>[0], 'out'> & { out?: string }): Promise<void> {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    expect(await vectorsAction({ out, ...flags })).toBe(0);
  } finally {
    vi.restoreAllMocks();
  }
}

const indexOf = (where: string): Vectors => parseDocument('vectors', readFileSync(join(where, 'index.json'), 'utf8'), 'index.json');

beforeAll(() => make({ filter, cases: 4 }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('attn-cts vectors', () => {
  it('writes cases with inputs, expected outputs and bounds, whose sums are in the index', () => {
    const { vectors } = indexOf(out);
    expect(vectors).toHaveLength(8 * 4);
    for (const { file, sha256, case: c, pass } of vectors) {
      const bytes = readFileSync(join(out, file));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
      const { tensors, metadata } = decodeSafetensors(bytes);
      expect(JSON.parse(metadata.case)).toEqual(c);
      for (const name of pass === 'forward' ? ['o', 'lse'] : ['dq', 'dk', 'dv']) {
        const expected = valuesOf(tensors[`expected.${name}`]);
        // the LSE of an empty row is -Infinity, and nothing else
        expect(valuesOf(tensors[`bound.${name}`]).every((x, i) => x > 0 || expected[i] === -Infinity)).toBe(true);
        expect(tensors[`bound.${name}`].shape).toEqual(tensors[`expected.${name}`].shape);
      }
      expect(Object.keys(tensors)).toEqual(expect.arrayContaining(['q', 'k', 'v', ...(pass === 'backward' ? ['do'] : [])]));
    }
  });

  it('gives the same bytes again, in place of those that are there', async () => {
    const before = readFileSync(join(out, 'index.json'), 'utf8');
    await make({ filter, cases: 4 });
    expect(readFileSync(join(out, 'index.json'), 'utf8')).toBe(before);
    expect(readdirSync(folder)).toEqual(['vectors']);
  });

  it('touches no folder of somebody else, and leaves nothing where it fails', async () => {
    const other = join(folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'thesis.tex'), '');
    await expect(make({ out: other, filter })).rejects.toThrow(UsageError);
    await expect(make({ out: join(folder, 'none'), filter: ['softmax/nothing/**'] })).rejects.toThrow(/matches no check; the nearest are/);
    expect(readdirSync(folder).sort()).toEqual(['other', 'vectors']);
    rmSync(other, { recursive: true });
  });

  it('makes what a kernel claims', async () => {
    const file = join(folder, 'mine.json');
    const where = join(folder, 'mine');
    writeFileSync(file, JSON.stringify({ dtypes: ['bf16'], operators: ['softmax'], limits: { d: [64] } }));
    await make({ out: where, capabilities: file, cases: 1 });
    const { vectors } = indexOf(where);
    expect(vectors.length).toBeGreaterThan(0);
    for (const v of vectors) expect(v).toMatchObject({ pass: 'forward', case: { dtype: 'bf16', dims: { d: 64 }, mask: { name: 'full' } } });
    rmSync(where, { recursive: true });
    rmSync(file);
  });
});

/** A copy of an example with a fault: a line of it changed. */
function faulty(file: string, line: string, fault: string): string {
  const source = readFileSync(join(examples, file), 'utf8');
  expect(source).toContain(line);
  const path = join(folder, `faulty-${file}`);
  writeFileSync(path, source.replace(line, fault));
  return path;
}

describe('the readers of vectors', () => {
  it.skipIf(numpy.missing)('in Python passes a correct kernel and finds a faulty one', () => {
    const run = (script: string) => spawnSync(numpy.python, [script, out], { encoding: 'utf8' });
    const right = run(join(examples, 'read_vectors.py'));
    expect(`${right.stdout}${right.stderr}`).toMatch(/^(\d+) of \1 vectors within their bounds\n$/);
    const wrong = run(faulty('read_vectors.py', 'd**-0.5', 'd**-0.6'));
    expect(wrong.stdout).toMatch(/wrong: softmax.*error ÷ bound/);
    expect(wrong.status).toBe(1);
  });

  it('in C++ passes a correct kernel and finds a faulty one', () => {
    const compiler = ['g++', 'clang++', 'c++'].find((name) => spawnSync(name, ['--version']).status === 0);
    if (compiler === undefined) throw new Error('found no C++ compiler: apt install g++');
    const files = indexOf(out).vectors.flatMap(({ file, pass }) => (pass === 'forward' ? [join(out, file)] : []));
    const run = (source: string) => {
      const program = join(folder, 'reader');
      execFileSync(compiler, ['-std=c++17', '-O1', source, '-o', program]);
      return spawnSync(program, files, { encoding: 'utf8' });
    };
    expect(run(join(examples, 'read_vectors.cpp')).stdout).toMatch(/^(\d+) of \1 vectors within their bounds\n$/);
    const wrong = run(faulty('read_vectors.cpp', 'h / (H / K)', 'h % K'));
    expect(wrong.stdout).toContain('wrong: ');
    expect(wrong.status).toBe(1);
    expect(existsSync(out)).toBe(true);
  });
});
