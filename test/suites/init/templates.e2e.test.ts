import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPython } from '../../../adapters/backends/python/interpreter.js';
import { asset } from '../../../adapters/system/assets.js';
import type { Result } from '../../../spec/types/documents.js';
import { createProgram } from '../../../suites/cli/program.js';
import { initKindNames, initKinds } from '../../../suites/init/kinds.js';
import { templateFiles, writeTemplates } from '../../../suites/init/template.js';
import { backend, title } from '../../backend.js';
import { runKernels } from '../runner/run-kernels.js';

const folder = mkdtempSync(join(tmpdir(), 'attention-cts-init-'));
afterAll(() => rmSync(folder, { recursive: true }));

const python = await findPython(['numpy']).catch(() => 'python3');
const written = await Promise.all(
  initKindNames.map(async (kind) => {
    const own = join(folder, kind);
    writeTemplates([{ kind, folder: own }]);
    const source = initKinds[kind].adapter((file) => join(own, file), python);
    return { kind, source, ...(await backend(source)) };
  }),
);

describe('the templates', () => {
  it('are those of the kinds, and the skill', () => {
    const folders = readdirSync(asset(join('suites', 'init', 'templates'))).sort();
    expect(folders).toEqual([...initKindNames, 'skill'].sort());
    for (const kind of initKindNames) expect(templateFiles(kind), kind).not.toEqual([]);
  });

  it('of the skill name commands and flags that there are', async () => {
    const text = readFileSync(asset(join('suites', 'init', 'templates', 'skill', templateFiles('skill')[0])), 'utf8');
    expect(text).toMatch(/^---\nname: attention-cts\ndescription: /);
    const lines = [...text.matchAll(/attn-cts (judge|expected|init)\b([^\n`]*)/g)];
    expect(lines.length).toBeGreaterThan(3);
    for (const [, command, rest] of lines) {
      const help =
        createProgram(() => undefined)
          .commands.find((one) => one.name() === command)
          ?.helpInformation() ?? '';
      for (const [flag] of rest.matchAll(/--[a-z-]+/g)) expect(help, `${command} ${flag}`).toContain(flag);
    }
  });

  it('overwrite nothing, and write nothing where one file is there', () => {
    const own = mkdtempSync(join(folder, 'taken-'));
    const kept = join(own, 'kernel.wgsl');
    writeFileSync(kept, 'mine');
    expect(() =>
      writeTemplates([
        { kind: 'module', folder: own },
        { kind: 'wgsl', folder: own },
      ]),
    ).toThrow(`${kept} exists already`);
    expect(readdirSync(own)).toEqual(['kernel.wgsl']);
    expect(readFileSync(kept, 'utf8')).toBe('mine');
  });

  it('go into no folder that is a file', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => writeTemplates([{ kind: 'module', folder: file }])).toThrow(
      `init: ${file}: there is a file of this name, where a folder is needed; name another path, or remove it`,
    );
  });
});

let result: Result;
beforeAll(async () => {
  result = await runKernels([], {
    adapters: written.flatMap(({ source, missing }) => (missing ? [] : [source])),
    filter: ['softmax/*/oracle/*', 'softmax/any/{non-interference,shift-invariance,cache-history,chunked-prefill,page-permutation}/*'],
    profiles: ['core', 'serving'],
    runs: 3,
    out: join(folder, 'out'),
  });
});

const here = written.filter(({ missing }) => !missing);
for (const { kind, source, missing } of written) {
  describe.skipIf(missing)(title(`what init writes for ${kind}`, { missing }), () => {
    it('conforms unchanged', () => {
      const { id } = result.adapters[here.findIndex((other) => other.source === source)];
      const asked = result.checks.filter(({ adapter, verdict }) => adapter === id && verdict !== 'unsupported');
      expect(asked.map(({ id, verdict, reason, failure }) => [id, verdict, reason ?? failure?.message])).toEqual(
        asked.map(({ id }) => [id, 'pass', undefined]),
      );
      expect(asked.length).toBeGreaterThanOrEqual(3);
    });
  });
}
