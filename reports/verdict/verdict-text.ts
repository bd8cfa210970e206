import type { KernelVerdict } from '../../spec/types/documents.js';
import { printable } from '../text/plain-text.js';

/** Formats the document as JSON, with a line for each key, list entry, and key of a cause. */
export function verdictText(document: KernelVerdict): string {
  return `${objectText(printable(document), 0)}\n`;
}

/** Depth down to which objects have a line for each key. */
const deepest = 2;

function objectText(value: unknown, depth: number): string {
  if (typeof value !== 'object' || value === null || depth > deepest || isFlat(value)) return JSON.stringify(value);
  const indent = '  '.repeat(depth + 1);
  const close = `\n${'  '.repeat(depth)}`;
  if (Array.isArray(value)) return `[${value.map((entry) => `\n${indent}${objectText(entry, depth + 1)}`).join(',')}${close}]`;
  const keys = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${keys.map(([key, inner]) => `\n${indent}${JSON.stringify(key)}: ${objectText(inner, depth + 1)}`).join(',')}${close}}`;
}

function isFlat(value: object): boolean {
  const parts = Object.values(value);
  return parts.length === 0 || (Array.isArray(value) && parts.every((part) => typeof part !== 'object' || part === null));
}
