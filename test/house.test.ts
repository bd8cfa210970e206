import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const most = 25;

function foldersOf(folder: string): string[] {
  const below = readdirSync(join(root, folder), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [folder, ...below.flatMap((entry) => foldersOf(join(folder, entry.name)))];
}

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
