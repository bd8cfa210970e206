import { clip, plainLine, plainText } from '../text/plain-text.js';

/** Longest text that is quoted whole, in characters. */
const longest = { line: 500, block: 8000 };

/** One line of text, for a paragraph, a table's cell or a summary: no character of it is markup, a link or a pipe. */
export function escaped(text: string): string {
  return clip(plainLine(text), longest.line)
    .replace(/[!-~]/g, (c) => (/[A-Za-z0-9./,+=-]/.test(c) ? c : `&#${c.charCodeAt(0)};`))
    .replace(/www\./gi, (www) => `${www.slice(0, 3)}&#46;`);
}

/** The same in a code face. */
export function code(text: string): string {
  return `<code>${escaped(text)}</code>`;
}

/** Text in a block of code, whose fence is longer than any in it. */
export function fenced(text: string, language = ''): string {
  const lines = clip(plainText(text), longest.block);
  const runs = lines.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return `${fence}${language}\n${lines}\n${fence}`;
}

/** A part that is folded in until a reader opens it. @param summary HTML. */
export function folded(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}
