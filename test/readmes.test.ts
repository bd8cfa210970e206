import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { longLines, WIDTH, wrapMarkdown } from './accept/wrap-markdown.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const folders = ['adapters', 'docs', 'generators', 'reports', 'spec', 'suites', 'test'];
/** Written by `npm run published`, with the results that it describes. */
const published = join('reports', 'published');

const files = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
      .map((name) => join(folder, name)),
  ),
].filter((name) => !name.startsWith(published) && !name.startsWith(join('docs', 'reference')));

describe('Markdown files', () => {
  it.each(files)('%s wraps its prose', (name) => {
    expect(longLines(readFileSync(join(root, name), 'utf8'))).toEqual([]);
  });

  // pages that are written when the documentation is built, whose links the build holds to the files
  const isBuilt = (to: string) => to.startsWith(join('docs', 'reference'));

  it.each(files.filter((name) => name !== join('docs', 'index.md')))('%s links to files that are there', (name) => {
    const text = readFileSync(join(root, name), 'utf8').replaceAll(/^```[\s\S]*?^```|`[^`\n]+`/gm, '');
    const links = [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)\s]*)?\)|^<<< (\S+?)(?:\{\w+\})?$/gm)].map(
      ([, link, included]) => link ?? included,
    );
    const targets = links.filter((link) => !/^[a-z]+:/.test(link)).map((link) => join(dirname(name), link));
    expect(targets.filter((target) => !isBuilt(target) && !existsSync(join(root, target)))).toEqual([]);
  });
});

describe('README.md', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');

  it('is read in a few minutes', () => {
    expect(readme.split(/\s+/).length).toBeLessThan(1200);
  });

  it('names the two commands by which the project is judged', () => {
    for (const command of ['npm ci && npm start', 'npm ci && npm test']) expect(readme).toContain(command);
  });
});

describe('wrapping', () => {
  const long = Array.from({ length: 40 }, (_, x) => `word${x}`).join(' ');

  it('breaks paragraphs and list items at words, and indents the rest of an item', () => {
    const wrapped = wrapMarkdown(`${long}\n\n- ${long}\n- short`).split('\n');
    expect(wrapped.every((line) => line.length <= WIDTH)).toBe(true);
    expect(wrapped.filter((line) => line.startsWith('- '))).toHaveLength(2);
    expect(wrapped.filter((line) => line.startsWith('  word')).length).toBeGreaterThan(0);
    expect(wrapped.join(' ').replaceAll(/\s+/g, ' ')).toBe(`${long} - ${long} - short`);
  });

  it('leaves short paragraphs, code, tables and code spans as they are', () => {
    const text = `a\nb\n\n\`\`\`\n${long}\n\`\`\`\n\n| ${long} |`;
    expect(wrapMarkdown(text)).toBe(text);
    expect(longLines(text)).toEqual([]);
    expect(wrapMarkdown(`${'x '.repeat(45)}\`a code span of some length\``)).toContain('`a code span of some length`');
  });

  it('begins no line with a mark that would make it a list', () => {
    const lines = wrapMarkdown('alpha + beta - gamma '.repeat(12).trim()).split('\n');
    for (const line of lines) expect(line).toMatch(/^[a-z]/);
  });
});
