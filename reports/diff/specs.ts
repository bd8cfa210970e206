import type { Result } from '../../spec/types/documents.js';

/** A spec document of another version; a change of its meaning is a major one. */
export interface SpecChange {
  readonly document: string;
  /** Absent: only the other result was judged with it. */
  readonly old?: string;
  readonly now?: string;
  readonly major: boolean;
}

export function specChanges(old: Result, now: Result): SpecChange[] {
  const documents = [...new Set([...Object.keys(old.spec), ...Object.keys(now.spec)])];
  return documents.flatMap((document) => {
    const [a, b] = [old, now].map(({ spec }) => (Object.hasOwn(spec, document) ? spec[document] : undefined));
    if (a === b) return [];
    const major = a !== undefined && b !== undefined && a.split('.')[0] !== b.split('.')[0];
    return [{ document, ...(a !== undefined && { old: a }), ...(b !== undefined && { now: b }), major }];
  });
}
