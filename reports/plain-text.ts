/** Control characters but tab and line feed, what turns the direction of text, and halves of characters. */
const unprintable = /[^\P{Cc}\t\n]|[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF\uFFFE\uFFFF]|\p{Cs}/gu;

/** Text as it came from a kernel, with nothing in it that a reader cannot see. */
export function plainText(text: string): string {
  return text.replace(unprintable, '\uFFFD');
}

/** The same, in one line. */
export function plainLine(text: string): string {
  return plainText(text.replace(/\s*[\r\n\u2028\u2029]\s*/g, ' ')).replaceAll('\t', ' ');
}

/** The beginning of a long text, which says that it is one. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}… (${text.length - length} more characters)`;
}

/** "1 check", "2 checks". */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
