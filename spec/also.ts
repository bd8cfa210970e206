import type { SpecLibrary } from './spec-library.js';
import type { Also } from './types/documents.js';

interface OtherName {
  readonly as: string;
  readonly isModel: boolean;
  /** Part or options with which the model computes it, for example `behind lightning-indexer`. */
  readonly by?: string;
}

/** Operator, mask or scheme that another name stands for. */
export interface AlsoCalled extends OtherName {
  readonly kind: 'operator' | 'mask' | 'scheme';
  readonly name: string;
  readonly title: string;
}

function otherNames({ also = [] }: { readonly also?: Also }): OtherName[] {
  return also.map((one) => {
    if (typeof one === 'string') return { as: one, isModel: false };
    return { as: one.model, isModel: true, ...(one.by !== undefined && { by: one.by }) };
  });
}

/** Other names on one line: `DSA, sparse MLA; of DeepSeek V3.2 (behind lightning-indexer)`. */
export function alsoText(document: { readonly also?: Also }): string {
  const others = otherNames(document);
  const names = others.filter(({ isModel }) => !isModel).map(({ as }) => as);
  const models = others.filter(({ isModel }) => isModel).map(({ as, by }) => (by === undefined ? as : `${as} (${by})`));
  return [names.join(', '), models.length > 0 ? `of ${models.join(', ')}` : ''].filter((text) => text !== '').join('; ');
}

/** Finds documents by another name; case, spaces and punctuation do not count. */
export function documentsCalled(library: SpecLibrary, name: string): AlsoCalled[] {
  const wanted = bare(name);
  return allCalled(library).filter(({ as }) => bare(as) === wanted);
}

/** Every other name of every operator, mask and scheme. */
export function allCalled({ operators, masks, schemes }: SpecLibrary): AlsoCalled[] {
  const kinds = { operator: operators, mask: masks, scheme: schemes };
  return Object.entries(kinds).flatMap(([kind, documents]) =>
    [...documents.values()].flatMap((document) =>
      otherNames(document).map((other) => ({ kind: kind as AlsoCalled['kind'], name: document.name, title: document.title, ...other })),
    ),
  );
}

/** Tells if a name or title contains a text; case, spaces and punctuation do not count. */
export function isCalledLike(document: { readonly name: string; readonly title: string; readonly also?: Also }, text: string): boolean {
  return [document.name, document.title, ...otherNames(document).map(({ as }) => as)].some((one) => bare(one).includes(bare(text)));
}

function bare(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '');
}
