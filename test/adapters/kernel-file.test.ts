import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesOfManifest, kernelFile } from '../../adapters/kernel-file.js';
import { checkSource } from '../../adapters/load.js';
import { DocumentError } from '../../spec/lib/documents.js';

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attention-cts-kernel-file-'));
  const files: Record<string, string> = {
    'kernel.json': '{"library": "build/kernel.so", "symbol": "f", "build": "g++ -o build/kernel.so \'kernel.cpp\' other.cu"}',
    'shader.json': '{"file": {"f32": "shader.wgsl", "f16": "half.wgsl"}, "entry": "main", "bindings": []}',
    'twice.json': '{"file": "twice.wgsl", "bindings": []}',
    'again.json': '{"file": "twice.wgsl", "bindings": []}',
    'built.json': '{"library": "built.so", "symbol": "f"}',
    'broken.json': '{',
    'package.json': '{"name": "kernel.cpp"}',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(at(name), text);
  for (const name of [
    'kernel.cpp',
    'other.cu',
    'kernel.so',
    'built.so',
    'shader.wgsl',
    'half.wgsl',
    'twice.wgsl',
    'alone.wgsl',
    'alone.cpp',
    'x.py',
  ])
    writeFileSync(at(name), '');
  mkdirSync(at('folder.so'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const problem = (source: string): string => {
  try {
    return JSON.stringify(kernelFile(source));
  } catch (error) {
    return error instanceof DocumentError ? error.problem : String(error);
  }
};

describe('a kernel that is named by its file', () => {
  it.each([
    ['kernel.py', { kind: 'python', argument: 'kernel.py' }],
    ['kernels/a.py:attention', { kind: 'python', argument: 'kernels/a.py:attention' }],
    ['model.onnx', { kind: 'onnx', argument: 'model.onnx' }],
    ['./kernel.ts', undefined],
    ['python:kernel.py', undefined],
    ['tfjs-cpu', undefined],
  ])('%s is known by its ending', (source, expected) => {
    expect(kernelFile(source)).toEqual(expected);
  });

  it.each([
    ['kernel.cpp', 'native', 'kernel.json'],
    ['other.cu', 'native', 'kernel.json'],
    ['kernel.so', 'native', 'kernel.json'],
    ['kernel.json', 'native', 'kernel.json'],
    ['shader.wgsl', 'wgsl', 'shader.json'],
    ['half.wgsl', 'wgsl', 'shader.json'],
    ['shader.json', 'wgsl', 'shader.json'],
  ])('%s is found in the manifest beside it', (name, kind, manifest) => {
    expect(kernelFile(at(name))).toEqual({ kind, argument: at(manifest) });
  });

  it('without a manifest is refused with the command that writes one', () => {
    expect(problem(at('alone.wgsl'))).toContain(
      `npx attention-cts init --kind wgsl DIR writes an example: copy it to ${at('alone.json')}, then: npx attention-cts run`,
    );
    expect(problem(at('alone.cpp'))).toContain('npx attention-cts init --kind native DIR');
    expect(problem(at('twice.wgsl'))).toContain('choose one, such as --adapter wgsl:');
    expect(problem(at('package.json'))).toContain('this is not the manifest of a kernel');
    expect(problem(at('broken.json'))).toContain('this is not the manifest of a kernel');
    expect(problem(at('nowhere.cpp'))).toBe('no such file');
    expect(problem(at('folder.so'))).toBe('no such file');
    expect(() => checkSource(at('alone.cpp'))).toThrow(DocumentError);
    expect(() => checkSource(at('x.py'))).not.toThrow();
    expect(() => checkSource('kernel.txt')).toThrow('name your own file by its path');
  });

  it.each([
    ['kernel.json', ['kernel.cpp', 'other.cu']],
    ['shader.json', ['half.wgsl', 'shader.wgsl']],
    ['built.json', ['built.so']],
    ['package.json', []],
    ['broken.json', []],
    ['kernel.cpp', []],
  ])('%s is made from these files', (name, files) => {
    expect(filesOfManifest(at(name))).toEqual(files.map(at));
  });

  it('is told or refused, whatever a manifest beside it holds', () => {
    writeFileSync(at('odd.wgsl'), '');
    fc.assert(
      fc.property(fc.json(), fc.anything({ maxDepth: 2 }), (text, file) => {
        writeFileSync(at('odd.json'), text);
        writeFileSync(at('odder.json'), JSON.stringify({ file, bindings: file, library: null }) ?? '');
        expect(['{', 'n']).toContain(problem(at('odd.wgsl'))[0]);
        for (const name of ['odd.json', 'odder.json']) filesOfManifest(at(name)).map((found) => readFileSync(found));
      }),
      { numRuns: 50 },
    );
  });
});
