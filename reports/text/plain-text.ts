/** Control characters but tab and line feed; what turns the direction of text, ends a line elsewhere, or has no width; halves of characters. */
const unprintable = /[^\P{Cc}\t\n]|[\p{Bidi_Control}\u200B\u2028\u2029\u2060\uFEFF\uFFFE\uFFFF\u{E0000}-\u{E007F}]|\p{Cs}/gu;

/** What GitHub obeys in the log of a job: "::" at the beginning of a line, indented too, and "##[" anywhere in it. */
const commands = /^([^\S\n]*:)(?=:)|##(?=\[)/gm;

/**
 * Replaces whatever a reader cannot see in text that came from a kernel or a document: no escape of it reaches a terminal. What a job on GitHub would take
 * for a command gets a space.
 */
export function plainText(text: string): string {
  return text.replace(unprintable, '\uFFFD').replace(commands, (found) => `${found} `);
}

/** Makes text printable, in one line: line breaks and the white space around them are one space. */
export function plainLine(text: string): string {
  const lines = text.split(/[\r\n\u2028\u2029]/).map((line) => line.trim());
  return plainText(lines.filter((line) => line !== '').join(' ')).replaceAll('\t', ' ');
}

/** The beginning of a long text, which says that it is one. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}… (${text.length - length} more characters)`;
}

/** Characters of one text of a document that a report for readers shows. */
const longest = 8000;

/** Keys whose texts are names: a line break in one would begin a line that looks like one of ours. */
const names = new Set(['id', 'adapter', 'check', 'name', 'title', 'version', 'verdict', 'class', 'output', 'axis', 'value', 'device']);

/**
 * Copies a document with every text and key in it made printable and of a length that can be read. Whatever prints a document of
 * elsewhere starts with this.
 */
export function printable<T>(document: T): T {
  return copyOf(document) as T;
}

function copyOf(value: unknown): unknown {
  if (typeof value === 'string') return plainText(clip(value, longest));
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== 'object' || value === null) return value;
  const copies = Object.entries(value).map(([key, inner]) => {
    const copy = names.has(key) && typeof inner === 'string' ? plainName(inner) : copyOf(inner);
    return [plainLine(clip(key, longest)), copy];
  });
  return Object.fromEntries(copies);
}

/** A name in one line. What is put behind it, "::" and the id of a check or indices in brackets, makes no command with it. */
function plainName(text: string): string {
  const name = plainLine(clip(text, longest)).trim().replace(/##$/, '#\uFFFD');
  return name === '' || name.startsWith(':') ? `\uFFFD${name}` : name;
}

/**
 * Writes a value as indented JSON, ending in a newline. JSON escapes few of the characters that a terminal obeys: here all are,
 * which leaves the value what it is.
 */
export function jsonText(value: unknown): string {
  const json = JSON.stringify(value, null, 2);
  const escaped = json.replace(unprintable, (found) => {
    const units = Array.from({ length: found.length }, (_, i) => found.charCodeAt(i).toString(16).padStart(4, '0'));
    return units.map((unit) => `\\u${unit}`).join('');
  });
  return `${escaped.replaceAll('##[', '#\\u0023[')}\n`;
}

/** "1 check", "2 checks". */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
