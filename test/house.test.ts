import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const most = 25;

function foldersOf(folder: string): string[] {
  const below = readdirSync(join(root, folder), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [folder, ...below.flatMap((entry) => foldersOf(join(folder, entry.name)))];
}

/** Folder of a file, two deep, such as suites/runner. A file directly in a room is no folder. */
const folderOf = (file: string) => file.split(sep).slice(0, -1).slice(0, 2).join('/');

/** Imports between the folders of a room, types included, by folder. */
function importsOf(room: string): Map<string, Set<string>> {
  const files = readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((file) => join(room, file));
  const imports = new Map<string, Set<string>>();
  for (const file of files.filter((name) => name.endsWith('.ts'))) {
    for (const [, path] of readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)) {
      const [from, to] = [folderOf(file), folderOf(join(dirname(file), path))];
      if (from === to || !from.includes('/') || !to.startsWith(`${room}/`)) continue;
      imports.set(from, (imports.get(from) ?? new Set()).add(to));
    }
  }
  return imports;
}

/** Returns the folders that import each other, however long the way around is. */
function knotOf(imports: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const left = new Map(imports);
  for (;;) {
    const free = [...left].filter(([, to]) => ![...to].some((folder) => left.has(folder)));
    if (free.length === 0) return [...left.keys()];
    for (const [folder] of free) left.delete(folder);
  }
}

test.each(['spec', 'generators', 'adapters', 'suites', 'reports'])('folders of %s import each other one way', (room) => {
  const imports = importsOf(room);
  expect(imports.size).toBeGreaterThan(3);
  expect(knotOf(imports)).toEqual([]);
});

test('a knot of folders is found', () => {
  const imports = new Map(
    Object.entries({ 'a/x': ['a/y'], 'a/y': ['a/z'], 'a/z': ['a/x'], 'a/w': ['a/v'] }).map(([from, to]) => [from, new Set(to)]),
  );
  expect(knotOf(imports)).toEqual(['a/x', 'a/y', 'a/z']);
});

/** The README of the folder, or else of the nearest folder around it. */
function readmeOf(folder: string): string {
  const path = join(folder, 'README.md');
  return existsSync(join(root, path)) ? path : readmeOf(dirname(folder));
}

test(`a folder of more than ${most} files has a reason in its README`, () => {
  const large = ['spec', 'generators', 'adapters', 'suites', 'reports']
    .flatMap(foldersOf)
    .filter((folder) => !folder.startsWith(join('reports', 'published')))
    .filter((folder) => readdirSync(join(root, folder), { withFileTypes: true }).filter((entry) => entry.isFile()).length > most);
  const unexplained = large.filter((folder) => {
    const readme = readmeOf(folder);
    const name = `\`${relative(dirname(readme), folder) || '.'}/\``;
    const paragraphs = readFileSync(join(root, readme), 'utf8').split('\n\n');
    return !paragraphs.some((text) => text.includes(name) && text.replaceAll(/\s+/g, ' ').includes(`more than ${most} files`));
  });
  expect(unexplained).toEqual([]);
});

test('installing runs no script of onnxruntime-node, which would fetch CUDA libraries', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const scripts = Object.entries<{ hasInstallScript?: true }>(lock.packages).flatMap(([path, entry]) =>
    entry.hasInstallScript ? [path] : [],
  );
  expect(scripts).toContain('node_modules/koffi');
  // npm writes this field into the lock file when it resolves the package anew: take it out again
  expect(scripts).not.toContain('node_modules/onnxruntime-node');
});

test('every snapshot belongs to a test that is there', () => {
  const snapshots = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.snap'));
  const lost = snapshots.filter((name) => !existsSync(join(root, 'test', name.replace(/__snapshots__./, '').replace(/\.snap$/, ''))));
  expect(snapshots.length).toBeGreaterThan(0);
  expect(lost).toEqual([]);
});
