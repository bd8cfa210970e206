import { readFileSync, writeFileSync } from 'node:fs';
import { wrapMarkdown } from './wrap-markdown.js';

/**
 * Replaces the text, wrapped, between `<!-- generated: NAME -->` and `<!-- end: NAME -->`. @returns whether the file changed.
 * @throws {Error} if the file lacks a marker, which the message names; the file then stays as it is.
 */
export function writeSection(name: string, markdown: string, file: string): boolean {
  const text = readFileSync(file, 'utf8');
  const start = after(text, `<!-- generated: ${name} -->`, 0, file);
  const endMarker = `<!-- end: ${name} -->`;
  const end = after(text, endMarker, start, file) - endMarker.length;
  const next = `${text.slice(0, start)}\n${wrapMarkdown(markdown.trim())}\n${text.slice(end)}`;
  if (next === text) return false;
  writeFileSync(file, next);
  return true;
}

/** Position after a marker in a text. @throws {Error} if the text has no such marker from `from` on. */
function after(text: string, marker: string, from: number, file: string): number {
  const at = text.indexOf(marker, from);
  if (at < 0) throw new Error(`${file} has no ${marker}`);
  return at + marker.length;
}
