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
  /** Title of the page in a browser and in a list of search results; its heading where there is none. */
  readonly title?: string;
  /** Description of the page in a list of search results; its first paragraph where there is none. */
  readonly description?: string;
}

/** A titled list of pages in the sidebar. */
export interface Section {
  readonly title: string;
  readonly pages: readonly Page[];
}

/** A document as far as its names go. */
interface Named {
  readonly name: string;
  readonly title: string;
  readonly also?: Parameters<typeof alsoText>[0]['also'];
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

/** A formula in TeX in a table or a sentence. */
export function formula(tex: string): string {
  return `$${tex.trim()}$`;
}

/** Formulas in TeX, a line each, which break where a screen is narrow. */
export function formulas(lines: readonly string[]): string {
  return ['<div class="formulas">', ...lines.map((tex) => formula(`\\displaystyle ${tex}`)), '</div>'].join('\n\n');
}

/**
 * A table of named things. On a narrow screen each row becomes a paragraph, so that a meaning stands below its name: there the cells between
 * have the name of their column before them.
 */
export function listing(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const filled = head.flatMap((_, column) => (rows.some((cells) => cells[column] !== '') ? [column] : []));
  if (filled.length < head.length)
    return listing(
      filled.map((column) => head[column]),
      rows.map((cells) => filled.map((column) => cells[column])),
    );
  const labelled = (cell: string, column: number) =>
    cell === '' || column === 0 || head[column] === 'meaning' ? cell : `<span class="label">${head[column]}: </span>${cell}`;
  return [
    '<div class="listing">',
    table(
      head,
      rows.map((cells) => cells.map(labelled)),
    ),
    '</div>',
  ].join('\n\n');
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

/**
 * Title and description of a document's page, by the names that people search: its own and all that its field `also` has, models in the description.
 * @param kind what a document of its kind is called after its name, such as `mask`.
 */
export function searchedOf(document: Named, kind: string): Required<Pick<Page, 'title' | 'description'>> {
  const { name, title, also = [] } = document;
  const others = also.filter((one) => typeof one === 'string');
  const called = alsoText(document);
  return {
    title: `${name} ${kind}: ${others.length > 0 ? others.join(', ') : title}`,
    description: `${title}.${called === '' ? '' : ` Also called ${called}.`}`,
  };
}

/** A picture of a gallery, whose caption says what it shows; it leads to the page of the document. */
export function figure({ name, title }: Named): string {
  return `[![](./${name}.svg) **${name}**](./${name}.md) ${prose(title)}.`;
}

/** Sources of a document as a list of links. */
export function sourcesOf(sources: readonly { readonly title: string; readonly url?: string }[] = []): string {
  return sources.map(({ title, url }) => (url === undefined ? `- ${prose(title)}` : `- [${prose(title)}](${url})`)).join('\n');
}

/** The text of a page behind its title and description. */
export function withHead({ text, title, description }: Page): string {
  const head = Object.entries({ title, description }).filter(([, value]) => value !== undefined);
  if (head.length === 0) return text;
  // texts of JSON are texts of YAML
  return ['---', ...head.map(([key, value]) => `${key}: ${JSON.stringify(value)}`), '---', '', text].join('\n');
}

/** Writes a file below a folder, which is made where it is missing. */
export function write(folder: string, path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
