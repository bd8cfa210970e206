import type { KernelVerdict } from '../../spec/types/documents.js';
import { printable } from '../text/plain-text.js';

/** The document as JSON: a line for each key, of a list for each entry, and of a cause for each of its keys. */
export function verdictText(document: KernelVerdict): string {
  return `${objectText(printable(document), 0)}\n`;
}

/** Depth below which an object has a line for each key: the document, its lists, and the entries of these. */
const deepest = 2;

function objectText(value: unknown, depth: number): string {
  if (typeof value !== 'object' || value === null || depth > deepest || isFlat(value)) return JSON.stringify(value);
  const indent = '  '.repeat(depth + 1);
  const close = `\n${'  '.repeat(depth)}`;
  if (Array.isArray(value)) return `[${value.map((entry) => `\n${indent}${objectText(entry, depth + 1)}`).join(',')}${close}]`;
  const keys = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${keys.map(([key, inner]) => `\n${indent}${JSON.stringify(key)}: ${objectText(inner, depth + 1)}`).join(',')}${close}}`;
}

/** True if the value has nothing in it that has parts of its own, such as a list of numbers. */
function isFlat(value: object): boolean {
  const parts = Object.values(value);
  return parts.length === 0 || (Array.isArray(value) && parts.every((part) => typeof part !== 'object' || part === null));
}
