/** Largest number of characters of a line of prose. */
export const WIDTH = 100;

/** A word, with code spans in it whole; a mark that would begin a list or a heading stays with the word before it. */
const word = /(?:`[^`]*`|[^\s`]|`)+(?:\s+(?:[-+*>#]+|\d+[.)])(?=\s|$))*/g;

const isFence = (line: string) => /^\s*(```|~~~)/.test(line);
/** Tables, headings, HTML, images and link definitions, which are not wrapped. */
const isWhole = (line: string) => /^\s*(\||#|<|!\[|\[[^\]]+\]:|\[!\[)/.test(line);
const itemOf = (line: string) => /^\s*(?:[-*+]|\d+[.)])\s+/.exec(line)?.[0];

/** Wraps the paragraphs and list items of a Markdown text that have a line beyond the width. Those that have none stay as they are. */
export function wrapMarkdown(text: string): string {
  const wrapped: string[] = [];
  let block: string[] = [];
  // the data in front of a skill is no prose
  const data = frontMatter(text);
  let code = false;
  const settle = () => {
    wrapped.push(...wrapBlock(block));
    block = [];
  };
  for (const [at, line] of text.split('\n').entries()) {
    if (at < data) {
      wrapped.push(line);
      continue;
    }
    const fence = isFence(line);
    if (code || fence || line.trim() === '' || isWhole(line)) {
      settle();
      wrapped.push(line);
      if (fence) code = !code;
      continue;
    }
    if (itemOf(line) !== undefined) settle();
    block.push(line);
  }
  settle();
  return wrapped.join('\n');
}

/** Number of lines of YAML between `---` and `---` in front of a text; 0 if there are none. */
function frontMatter(text: string): number {
  const [data] = /^---\n(?:(?!---$).*\n)*---\n/m.exec(text.startsWith('---\n') ? text : '') ?? [''];
  return data.split('\n').length - 1;
}

/** Lines of prose of a Markdown text that are beyond the width and could be wrapped, with their numbers. */
export function longLines(text: string): string[] {
  const data = frontMatter(text);
  let code = false;
  return text.split('\n').flatMap((line, x) => {
    if (x < data) return [];
    if (isFence(line)) code = !code;
    const words = line.trim().match(word) ?? [];
    return code || isWhole(line) || line.length <= WIDTH || words.length < 2 ? [] : [`${x + 1}: ${line}`];
  });
}

function wrapBlock(lines: readonly string[]): string[] {
  if (lines.every((line) => line.length <= WIDTH)) return [...lines];
  const first = itemOf(lines[0]) ?? (/^\s*/.exec(lines[0])?.[0] as string);
  const next = ' '.repeat(first.length);
  const words = [lines[0].slice(first.length), ...lines.slice(1)].join('\n').trim().replaceAll('\n', ' ').match(word) ?? [];
  const wrapped: string[] = [];
  let line = '';
  for (const each of words.map((w) => w.replaceAll(/\s+/g, ' '))) {
    const indent = wrapped.length === 0 ? first : next;
    if (line !== '' && indent.length + line.length + 1 + each.length > WIDTH) {
      wrapped.push(indent + line);
      line = each;
    } else line = line === '' ? each : `${line} ${each}`;
  }
  return [...wrapped, (wrapped.length === 0 ? first : next) + line];
}
