import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { absent, type Backend, program, title } from '../../backend.js';
import { exportVectors, faulty, type Judged, readers, scratchFolder, writeVector } from './exported.js';

const headers = join(readers, 'cpp');
const kernel = join(headers, 'example/attention.cpp');

/** A C++ compiler with these headers, or the remedy. */
function compilerWith(...needed: (readonly [header: string, debian: string])[]): Backend {
  for (const tool of ['g++', 'cmake']) {
    const found = program(tool, `apt install ${tool}`);
    if (found.missing !== undefined) return found;
  }
  const lost = needed.find(([header]) => {
    const input = header
      .split('|')
      .map((name) => `!__has_include(<${name}>)`)
      .join(' && ');
    return spawnSync('g++', ['-E', '-x', 'c++', '-'], { input: `#if ${input}\n#error none\n#endif\n` }).status !== 0;
  });
  return lost ? absent(lost[0], `g++ finds no ${lost[0].replaceAll('|', ' or ')} (apt install ${lost[1]})`) : {};
}

const json = ['nlohmann/json.hpp', 'nlohmann-json3-dev'] as const;
const gtest = compilerWith(json, ['gtest/gtest.h', 'libgtest-dev']);
const catch2 = compilerWith(json, ['catch2/catch_test_macros.hpp|catch2/catch.hpp', 'catch2']);
const folder = scratchFolder('cpp');
const vectors = join(folder, 'vectors');

/** Builds a test of the example around a kernel, and runs it. Catch2 wraps what it says: it comes without spaces. */
function judged(target: string, source: string): { status: number | null; said: string } {
  const build = join(folder, 'build');
  execFileSync('cmake', ['-S', headers, '-B', build, '-DATTENTION_CTS_EXAMPLE=ON', `-DATTENTION_CTS_KERNEL=${source}`]);
  execFileSync('cmake', ['--build', build, '--target', target]);
  const env = { ...process.env, ATTENTION_CTS_VECTORS: vectors };
  const { status, stdout, stderr } = spawnSync(join(build, target), { env, encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}`.replaceAll(/\s+/g, '') };
}

const misaligned = () => faulty(kernel, join(folder, 'misaligned.cpp'), 'j <= i + n - m', 'j <= i');
const unscaled = () => faulty(kernel, join(folder, 'unscaled.cpp'), 'score * scale', 'score');
const worst = /o\[\d+,\d+,\d+,\d+\]is[-\d.e]+,expected[-\d.e]+within[-\d.e]+:offby[\d.e+]+timesthebound/;

beforeAll(() => exportVectors(vectors));

describe.each([
  { target: 'with_gtest', tools: gtest },
  { target: 'with_catch2', tools: catch2 },
])('the header in C++', ({ target, tools }) => {
  it.skipIf(tools.missing)(title(`${target} passes a right kernel, and names the worst element of a wrong one`, tools), () => {
    expect(judged(target, kernel)).toMatchObject({ status: 0, said: expect.stringMatching(/passed|PASSED/) });
    const found = judged(target, misaligned());
    expect(found.status).not.toBe(0);
    expect(found.said).toMatch(worst);
    expect(found.said).toContain('softmax+cross/any/oracle/f32');
  });
});

describe.skipIf(gtest.missing)(title('attention_cts.hpp', gtest), () => {
  it('finds a kernel without scale in every type', () => {
    const { status, said } = judged('with_gtest', unscaled());
    expect(status).toBe(1);
    for (const dtype of ['f32', 'f16', 'bf16']) expect(said).toMatch(new RegExp(`softmax/causal/oracle/${dtype}\\d:o\\[`));
  });

  describe('by itself', () => {
    const binary = join(folder, 'compare');
    const own = join(folder, 'own');
    beforeAll(() => {
      const source = join(import.meta.dirname, 'compare.cpp');
      execFileSync('g++', [
        '-std=c++17',
        '-Wall',
        '-Wextra',
        '-Wpedantic',
        '-Werror',
        '-fsanitize=address,undefined',
        '-I',
        headers,
        source,
        '-o',
        binary,
      ]);
    });
    const run = (...numbers: number[]) => spawnSync(binary, [own, ...numbers.map(String)], { encoding: 'utf8' });
    function told(elements: readonly Judged[]) {
      writeVector(own, elements);
      const { stdout, stderr } = run(...elements.map(([, , actual]) => actual));
      expect(stderr).toBe('');
      return JSON.parse(stdout);
    }

    it('tells what a case is, and widens its inputs', () => {
      expect(
        told([
          [0, 0, 0],
          [0, 0, 0],
        ]),
      ).toMatchObject({
        name: 'softmax/full/oracle/f32 0',
        operator: 'softmax',
        dtype: 'f32',
        mask: 'full',
        n: 3,
        options: [0.5, 7],
        inputs: [
          [1, -2],
          [0x3f80, 0xc000],
          [1, 0],
          [1, 0],
        ],
      });
    });

    it('passes elements within their bounds; an infinite bound decides nothing', () => {
      const { found } = told([
        [1, 0.5, 1.25],
        [NaN, 0, NaN],
        [Infinity, 0, Infinity],
        [-Infinity, 0, -Infinity],
        [5, Infinity, NaN],
        [0, 0, -0],
      ]);
      expect(found).toEqual({ within: true, message: '', index: [0, 0], elements: 5, undecided: 1 });
    });

    it.each<[string, Judged[]]>([
      [
        'o[0, 1] is 3, expected 2 within 0.25: off by 4 times the bound',
        [
          [1, 0.5, 2],
          [2, 0.25, 3],
        ],
      ],
      [
        'o[1, 0] is -Infinity, expected Infinity',
        [
          [1, 0.5, 1],
          [2, 0.25, 2],
          [Infinity, 0, -Infinity],
          [0, 0, 0],
        ],
      ],
      [
        'o[0, 0] is 2, expected 1 within 0.5: off by 2 times the bound',
        [
          [1, 0.5, 2],
          [Infinity, 0, NaN],
        ],
      ],
      [
        'o[0, 1] is NaN, expected 2',
        [
          [1, 0.5, 1],
          [2, 0.25, NaN],
        ],
      ],
      [
        'o[0, 0] is 1, expected NaN',
        [
          [NaN, 0, 1],
          [0, 0, 0],
        ],
      ],
    ])('says "%s"', (message, elements) => {
      expect(told(elements).found).toMatchObject({ within: false, message });
    });

    it('refuses outputs of another size, and files that are cut off or malformed', () => {
      writeVector(own, [
        [0, 0, 0],
        [0, 0, 0],
      ]);
      expect(JSON.parse(run(0).stdout).found.message).toBe('o has 1 elements, expected 2');
      const file = join(own, 'vectors/0.safetensors');
      const bytes = readFileSync(file);
      for (const length of [0, 7, 8, 9, 40, bytes.length - 1]) {
        writeFileSync(file, bytes.subarray(0, length));
        expect(run(0, 0)).toMatchObject({ status: 2, stderr: '', stdout: expect.stringContaining('vectors/0.safetensors: ') });
      }
      writeFileSync(join(own, 'index.json'), '{"format": 2}');
      expect(run(0, 0).stdout).toMatch(/index\.json: found format 2, allowed: 1/);
      writeFileSync(join(own, 'index.json'), '{');
      expect(run(0, 0)).toMatchObject({ status: 2, stdout: expect.stringContaining('index.json: [json.exception') });
    });
  });
});
