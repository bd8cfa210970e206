import type { Law, Operator } from '../types/documents.js';

/** A law of one kind, such as `{ linear: ['v'] }`. */
export type LawOf<Key extends string> = Extract<Exclude<Law, string>, { readonly [K in Key]: unknown }>;

/** Returns the laws of one kind in an operator's document. */
export function lawsWith<Key extends string>({ laws = [] }: Pick<Operator, 'laws'>, key: Key): LawOf<Key>[] {
  return laws.filter((law): law is LawOf<Key> => typeof law === 'object' && key in law);
}
