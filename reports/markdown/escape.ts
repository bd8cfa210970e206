import { clip, plainLine, plainText } from '../text/plain-text.js';

const longest = { line: 500, block: 8000 };

/** Escapes a line so that it contains no markup, link or pipe. */
export function escaped(text: string): string {
  return clip(plainLine(text), longest.line)
    .replace(/[!-~]/g, (c) => (/[A-Za-z0-9./,+=-]/.test(c) ? c : `&#${c.charCodeAt(0)};`))
    .replace(/www\./gi, (www) => `${www.slice(0, 3)}&#46;`);
}

export function code(text: string): string {
  return `<code>${escaped(text)}</code>`;
}

/** Puts text in a code block with a fence that it does not contain. */
export function fenced(text: string, language = ''): string {
  const lines = clip(plainText(text), longest.block);
  const runs = lines.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return `${fence}${language}\n${lines}\n${fence}`;
}

/** Folds a part until a reader opens it. @param summary HTML. */
export function folded(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}
