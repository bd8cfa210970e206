import { DocumentError, jsonPath } from './document-error.js';

/** Arrays and objects within each other that a document may have: ours have a dozen, and what reads them may recurse. */
export const deepestLevel = 128;

/** Characters that a document may have: the result of 40,000 checks has fewer, and what is parsed takes many times the memory. */
export const longestText = 2 ** 27;

/** Steps of a path that a message about depth shows. */
const shownSteps = 6;

/**
 * Parses text as JSON.
 * @param document what to call it in the message.
 * @param problem what to say of text that is none.
 * @throws {DocumentError} where it is not JSON, or is longer or nested deeper than any document.
 */
export function parseJson(text: string, document: string, problem = 'this is not JSON'): unknown {
  if (text.length > longestText)
    throw new DocumentError(document, '$', `this has ${text.length} characters, allowed: at most ${longestText}; divide it`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DocumentError(document, '$', `${problem}: ${(error as Error).message}`);
  }
  requireDepth(value, document);
  return value;
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
