import type { Law, Operator } from '../types/documents.js';

/** Law of one kind, for example `{ linear: ['v'] }`. */
export type LawOf<Key extends string> = Extract<Exclude<Law, string>, { readonly [K in Key]: unknown }>;

/** Laws of one kind in an operator's document. */
export function lawsWith<Key extends string>({ laws = [] }: Pick<Operator, 'laws'>, key: Key): LawOf<Key>[] {
  return laws.filter((law): law is LawOf<Key> => typeof law === 'object' && key in law);
}
