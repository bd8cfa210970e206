import { DocumentError, jsonPath } from './document-error.js';

/** Arrays and objects within each other that a document may have: ours have a dozen, and what reads them may recurse. */
export const deepestLevel = 128;

/** Characters that a document may have: the result of 40,000 checks has fewer, and what is parsed takes many times the memory. */
export const longestText = 2 ** 27;

const byteOrderMark = '\uFEFF';

/** Steps of a path that a message about depth shows. */
const shownSteps = 6;

/**
 * Parses text as JSON.
 * @param document what to call it in the message.
 * @param problem what to say of text that is none.
 * @throws {DocumentError} where it is not JSON, has a key twice, or is longer or nested deeper than any document.
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
  if (twice) throw new DocumentError(document, jsonPath(twice), 'this key is there twice, and JSON keeps the last alone; take one out');
  return value;
}

/** The way to the first key of a text, which is JSON, that its object has already. */
function repeatedKey(text: string): (string | number)[] | undefined {
  /** Objects and arrays that are open: the keys of an object so far, none of an array, and the step to the value that is read. */
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

/** Place of the quote that ends a string: one that an even number of backslashes precedes. */
function endOfString(text: string, begin: number): number {
  for (let end = text.indexOf('"', begin + 1); ; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text[before - 1] === '\\') before--;
    if ((end - before) % 2 === 0) return end;
  }
}

/** Tells whether a colon is the next that is no white space. */
function isKey(text: string, at: number): boolean {
  let next = at;
  while (/\s/.test(text[next])) next++;
  return text[next] === ':';
}

/**
 * Holds that a value is nested no deeper than a document may be, before anything that recurses reads it.
 * @param value may hold itself: it need not come from JSON.
 * @throws {DocumentError} naming the beginning of the way to what lies too deep.
 */
export function requireDepth(value: unknown, document: string): void {
  const way = wayTooDeep(value, 0, new Map());
  if (!way) return;
  const shown = jsonPath(way.reverse().slice(0, shownSteps));
  throw new DocumentError(document, shown, `this is nested deeper than ${deepestLevel} levels; make it flatter`);
}

/**
 * Finds what lies too deep.
 * @param known the deepest level at which each value was found to be shallow enough.
 * @returns the steps to it from the inside outwards; undefined where there is nothing.
 */
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
