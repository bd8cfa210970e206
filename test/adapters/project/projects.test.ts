import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { environmentName, packagesOf } from '../../../adapters/project/packages.js';
import { entries, projectNamed, projects, readProject, versionedOf } from '../../../adapters/project/projects.js';
import { builtIn, builtIns, isBuiltIn } from '../../../adapters/registry.js';
import { asset } from '../../../adapters/system/assets.js';

const folder = mkdtempSync(join(tmpdir(), 'projects-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(document: unknown, name = 'some'): unknown {
  const own = join(folder, name);
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'glue.py'), '');
  writeFileSync(join(own, 'project.json'), typeof document === 'string' ? document : JSON.stringify(document));
  return readProject(own, name);
}

const some = {
  title: 'Some',
  homepage: 'https://example.org',
  python: { package: 'some', version: '1.0', before: '2026-12-01' },
  entries: { some: { title: 'Some', kernel: 'glue.py:attention' } },
};

describe('the document of a project', () => {
  it('is read', () => expect(read(some)).toMatchObject({ name: 'some', title: 'Some' }));

  it.each([
    ['an id of another name', { ...some, entries: { other: some.entries.some } }, '$.entries["other"]', 'some or some-'],
    ['no such file', { ...some, entries: { some: { title: 'Some', kernel: 'no.py:f' } } }, '$.entries["some"].kernel', 'no.py'],
    ['neither packages nor source', { ...some, python: undefined }, '$', '"python"'],
    ['a version of no package', { ...some, python: { version: '1', before: '2026-12-01' } }, '$.python', 'need each other'],
    ['no modules', { ...some, python: { before: '2026-12-01' } }, '$.python', '"modules"'],
    ['a range', { ...some, python: { ...some.python, with: ['numpy>=2'] } }, '$.python.with[0]', 'must match'],
    ['a word that is not known', { ...some, entires: {} }, '$.entires', 'entries'],
  ])('%s is refused, with the path', (_, document, path, problem) => {
    expect(() => read(document)).toThrow(
      expect.objectContaining({ name: 'DocumentError', path, problem: expect.stringContaining(problem) }),
    );
  });

  it('is read or refused with a DocumentError, whatever it has', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.object().map((more) => JSON.stringify({ ...some, ...more })),
        ),
        (text) => {
          try {
            read(text, 'fuzzed');
          } catch (error) {
            expect(error).toMatchObject({ name: 'DocumentError' });
          }
        },
      ),
    );
  });
});

describe('the projects', () => {
  it('are all the folders but lib', () => {
    const folders = readdirSync(asset('adapters/projects'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect([...projects().keys(), 'lib'].sort()).toEqual(folders.map(({ name }) => name).sort());
  });

  it('have kernels that are adapters', () => {
    for (const { id, title } of entries()) expect(builtIns[id]).toMatchObject({ title });
  });

  it('have history in the order of time, without the version that is judged', () => {
    for (const { history = [], python } of projects().values()) {
      const versions = history.map(({ version }) => version);
      expect(new Set([...versions, python?.version]).size).toBe(versions.length + 1);
    }
  });

  it('are found by name, and the nearest one is told', () => {
    expect(projectNamed('tinygrad').name).toBe('tinygrad');
    expect(() => projectNamed('tinygard')).toThrow('tinygrad');
  });
});

describe('a version', () => {
  it('is split off', () => {
    expect(versionedOf('tinygrad@0.13.0')).toEqual({ name: 'tinygrad', version: '0.13.0' });
    expect(versionedOf('tinygrad')).toEqual({ name: 'tinygrad' });
  });

  it('of an entry is a built-in adapter, which is unavailable until it is installed', async () => {
    expect(isBuiltIn('tinygrad@0.0.1')).toBe(true);
    expect(isBuiltIn('reference@0.0.1')).toBe(false);
    await expect(builtIn('tinygrad@0.0.1')?.load({})).rejects.toMatchObject({
      name: 'Unavailable',
      remedy: 'npx attention-cts project install tinygrad@0.0.1',
    });
  });
});

describe('an environment', () => {
  it('is shared by equal packages, in whatever order, and by no others', () => {
    const names = fc.uniqueArray(fc.constantFrom('a==1', 'b==2', 'c==3', 'd==4'), { minLength: 1 });
    const named = (required: readonly string[]) =>
      environmentName({ required, alone: [], built: [], buildEnvironment: {}, before: '2026-12-01' });
    fc.assert(
      fc.property(names, names, (x, y) => {
        expect(named(x) === named(y)).toBe([...x].sort().join() === [...y].sort().join());
      }),
    );
  });

  it('of an earlier version has what its entry of the history says', () => {
    const project = {
      ...some,
      name: 'some',
      folder,
      python: { ...some.python, with: ['numpy==2.5.5'] },
      history: [{ version: '0.9', with: ['numpy==1.26.4'] }, { version: '0.8' }],
    };
    expect(packagesOf(project)?.required).toEqual(['some==1.0', 'numpy==2.5.5']);
    expect(packagesOf(project, '0.9')?.required).toEqual(['some==0.9', 'numpy==1.26.4']);
    expect(packagesOf(project, '0.8')?.required).toEqual(['some==0.8', 'numpy==2.5.5']);
  });
});
