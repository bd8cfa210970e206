import type { SpecLibrary } from './library.js';
import type { Also } from './types/documents.js';

/** Operator, mask or scheme that another name stands for. */
export interface AlsoCalled {
  readonly kind: 'operator' | 'mask' | 'scheme';
  readonly name: string;
  readonly title: string;
  /** The name as its document writes it. */
  readonly as: string;
  /** Part of the model that it is, if the name is that of a model and the document says so. */
  readonly by?: string;
}

/** Other names of a document, models included, as text. */
export function alsoNames({ also = [] }: { readonly also?: Also }): string[] {
  return also.map((one) => (typeof one === 'string' ? one : one.model));
}

/** Names of a document as one line: `DSA, sparse MLA; of DeepSeek V3.2 (behind lightning-indexer)`. */
export function alsoText({ also = [] }: { readonly also?: Also }): string {
  const names = also.filter((one) => typeof one === 'string');
  const models = also.flatMap((one) => (typeof one === 'string' ? [] : [one.by === undefined ? one.model : `${one.model} (${one.by})`]));
  return [names.join(', '), models.length > 0 ? `of ${models.join(', ')}` : ''].filter((text) => text !== '').join('; ');
}

/** Finds the documents that have a name among their other names. Case, spaces and punctuation do not count: `qwen3 next` is `Qwen3-Next`. */
export function documentsCalled(library: SpecLibrary, name: string): AlsoCalled[] {
  const wanted = bare(name);
  return allCalled(library).filter(({ as }) => bare(as) === wanted);
}

/** Every other name of every operator, mask and scheme. */
export function allCalled({ operators, masks, schemes }: SpecLibrary): AlsoCalled[] {
  const kinds = { operator: operators, mask: masks, scheme: schemes };
  return Object.entries(kinds).flatMap(([kind, documents]) =>
    [...documents.values()].flatMap(({ name, title, also = [] }) =>
      also.map((one) => ({
        kind: kind as AlsoCalled['kind'],
        name,
        title,
        ...(typeof one === 'string' ? { as: one } : { as: one.model, ...(one.by !== undefined && { by: one.by }) }),
      })),
    ),
  );
}

/** Tells whether a document's name, title or another name has a text in it, whatever its case, spaces and punctuation. */
export function isCalledLike(document: { readonly name: string; readonly title: string; readonly also?: Also }, text: string): boolean {
  return [document.name, document.title, ...alsoNames(document)].some((one) => bare(one).includes(bare(text)));
}

/** Letters and digits of a name. */
function bare(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '');
}
