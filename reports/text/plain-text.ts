/** Characters that readers cannot see, or that redirect or break text. */
const unprintable = /[^\P{Cc}\t\n]|[\p{Bidi_Control}\u200B\u2028\u2029\u2060\uFEFF\uFFFE\uFFFF\u{E0000}-\u{E007F}]|\p{Cs}/gu;

/** GitHub job commands: "::" at the beginning of a line, "##[" anywhere. */
const commands = /^([^\S\n]*:)(?=:)|##(?=\[)/gm;

/** Replaces invisible characters, and puts a space into GitHub job commands. */
export function plainText(text: string): string {
  return text.replace(unprintable, '\uFFFD').replace(commands, (found) => `${found} `);
}

/** Makes text printable in one line, with line breaks replaced by spaces. */
export function plainLine(text: string): string {
  const lines = text.split(/[\r\n\u2028\u2029]/).map((line) => line.trim());
  return plainText(lines.filter((line) => line !== '').join(' ')).replaceAll('\t', ' ');
}

/** Cuts a long text and notes the number of cut characters. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}… (${text.length - length} more characters)`;
}

const longest = 8000;

/** Keys of one-line names: line breaks in them could imitate lines of a report. */
const names = new Set(['id', 'adapter', 'check', 'name', 'title', 'version', 'verdict', 'class', 'output', 'axis', 'value', 'device']);

/** Copies a document with printable, shortened texts and keys, for every report. */
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

/** Makes a one-line name that forms no GitHub command with text after it. */
function plainName(text: string): string {
  const name = plainLine(clip(text, longest)).trim().replace(/##$/, '#\uFFFD');
  return name === '' || name.startsWith(':') ? `\uFFFD${name}` : name;
}

/** Writes indented JSON ending in a newline, with terminal control characters escaped. */
export function jsonText(value: unknown): string {
  const json = JSON.stringify(value, null, 2);
  const escaped = json.replace(unprintable, (found) => {
    const units = Array.from({ length: found.length }, (_, i) => found.charCodeAt(i).toString(16).padStart(4, '0'));
    return units.map((unit) => `\\u${unit}`).join('');
  });
  return `${escaped.replaceAll('##[', '#\\u0023[')}\n`;
}

/** Formats "1 check", "2 checks". */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
