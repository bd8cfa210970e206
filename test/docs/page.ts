import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { alsoText } from '../../dist/spec/also.js';

/** A generated page of the site. */
export interface Page {
  /** Path below `docs/reference`, such as `masks/causal.md`. */
  readonly path: string;
  /** Name in the sidebar. */
  readonly name: string;
  readonly text: string;
}

/** A titled list of pages in the sidebar. */
export interface Section {
  readonly title: string;
  readonly pages: readonly Page[];
}

/** Characters that Markdown or a page's template would take as marks. */
const marks = /[\\*_[\]<>{}|$~]/g;

/** Text from a document as Markdown: no character of it is a mark, code spans aside, which stay as they are. */
export function prose(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part, at) => (at % 2 === 1 ? part : part.replaceAll(marks, (mark) => `&#${mark.charCodeAt(0)};`)))
    .join('');
}

/** Text as a code span in a table or a sentence. */
export function code(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  return `${fence}${text.replaceAll('|', '\\|')}${fence}`;
}

/** A fenced block. */
export function block(language: string, lines: readonly string[]): string {
  return ['```'.concat(language), ...lines, '```'].join('\n');
}

/** A Markdown table, or nothing if it has no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Paragraphs of a page; what is empty is left out. */
export function paragraphs(...parts: readonly (string | undefined)[]): string {
  return `${parts.filter((part) => part !== undefined && part !== '').join('\n\n')}\n`;
}

/** Sentence with the other names of a document, which a search of the site finds; nothing if it has none. */
export function alsoOf(document: Parameters<typeof alsoText>[0]): string {
  const text = alsoText(document);
  return text === '' ? '' : `Also called ${prose(text)}.`;
}

/** Sources of a document as a list of links. */
export function sourcesOf(sources: readonly { readonly title: string; readonly url?: string }[] = []): string {
  return sources.map(({ title, url }) => (url === undefined ? `- ${prose(title)}` : `- [${prose(title)}](${url})`)).join('\n');
}

/** Writes a file below a folder, which is made where it is missing. */
export function write(folder: string, path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
