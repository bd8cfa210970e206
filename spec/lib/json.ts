import { DocumentError, jsonPath } from './document-error.js';

/** Nesting limit of documents, for recursive readers; built-in documents have a dozen levels. */
export const deepestLevel = 128;

/** Characters of the longest document: a result of 40,000 checks fits. */
export const longestText = 2 ** 27;

const byteOrderMark = '\uFEFF';

const shownSteps = 6;

/**
 * Parses text as JSON.
 * @param problem message for text that is not JSON.
 * @throws {DocumentError} if it is not JSON, repeats a key, or is too long or too deep.
 */
export function parseJson(text: string, document: string, problem = 'this is not JSON'): unknown {
  if (text.length > longestText)
    throw new DocumentError(document, '$', `this has ${text.length} characters, allowed: at most ${longestText}; divide it`);
  if (text.startsWith(byteOrderMark))
    throw new DocumentError(document, '$', 'this begins with a byte order mark; save it as UTF-8 without one');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DocumentError(document, '$', `${problem}: ${(error as Error).message}`);
  }
  requireDepth(value, document);
  const twice = repeatedKey(text);
  if (twice) throw new DocumentError(document, jsonPath(twice), 'this key appears twice, and JSON keeps only the last; remove one');
  return value;
}

/** Path of the first repeated key in valid JSON. */
function repeatedKey(text: string): (string | number)[] | undefined {
  const open: { keys?: Set<string>; step: string | number }[] = [];
  for (let at = 0; at < text.length; at++) {
    const inner = open.at(-1);
    const character = text[at];
    if (character === '{') open.push({ keys: new Set(), step: '' });
    else if (character === '[') open.push({ step: 0 });
    else if (character === '}' || character === ']') open.pop();
    else if (character === ',' && inner && !inner.keys) inner.step = (inner.step as number) + 1;
    else if (character === '"') {
      const begin = at;
      at = endOfString(text, begin);
      if (!inner?.keys || !isKey(text, at + 1)) continue;
      const key: string = JSON.parse(text.slice(begin, at + 1));
      inner.step = key;
      if (inner.keys.has(key)) return open.map(({ step }) => step);
      inner.keys.add(key);
    }
  }
  return undefined;
}

/** Index of a string's closing quote: the first after an even number of backslashes. */
function endOfString(text: string, begin: number): number {
  for (let end = text.indexOf('"', begin + 1); ; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text[before - 1] === '\\') before--;
    if ((end - before) % 2 === 0) return end;
  }
}

function isKey(text: string, at: number): boolean {
  let next = at;
  while (/\s/.test(text[next])) next++;
  return text[next] === ':';
}

/** Refuses too deep values; `value` may be cyclic. @throws {DocumentError} with the path. */
export function requireDepth(value: unknown, document: string): void {
  const way = wayTooDeep(value, 0, new Map());
  if (!way) return;
  const shown = jsonPath(way.reverse().slice(0, shownSteps));
  throw new DocumentError(document, shown, `this is nested deeper than ${deepestLevel} levels; make it flatter`);
}

function wayTooDeep(value: unknown, level: number, known: Map<object, number>): (string | number)[] | undefined {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return undefined;
  if (level > deepestLevel) return [];
  if ((known.get(value) ?? -1) >= level) return undefined;
  for (const key of Object.keys(value)) {
    const way = wayTooDeep((value as Record<string, unknown>)[key], level + 1, known);
    if (way) return [...way, key];
  }
  known.set(value, level);
  return undefined;
}
