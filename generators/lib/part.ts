import type { Random } from 'fast-check';
import type { Claims } from '../../spec/claims/claims.js';
import type { Case } from '../../spec/types/documents.js';
import type { CaseSpace } from './case-space.js';
import type { Flat } from './flat.js';

/** Field of a flat case. Shrinking tries all smaller values of a choice, and bisects the rest. */
export type Field = readonly [name: string, least: number, choice?: true];

/** List in a flat case: length field, element fields, and fields to add to a neighbour's. */
export type FlatList = readonly [count: string, items: readonly string[], sums?: readonly string[]];

/** Part of a case that only some checks draw; `whole/parts.ts` lists the parts. */
export interface Part {
  /** Fields by their order of shrinking: before the options, before the sizes, after them, last. */
  readonly fields: Readonly<Partial<Record<'form' | 'count' | 'lengths' | 'last', readonly Field[]>>>;
  readonly list?: FlatList;
  isDrawn(space: CaseSpace): boolean;
  draw(random: Random, space: CaseSpace, flat: Record<string, number>): void;
  /** Adds the part to a case with sizes, options and values; fields out of range saturate. */
  addTo(c: Case, space: CaseSpace, flat: Flat): void;
  /** True if a drawn case does not fit the request. */
  excludes?(claims: Claims, space: CaseSpace, c: Case): boolean;
  smaller?(flat: Flat): Iterable<Flat>;
  /** Checks the part of a case from a document. @throws {DocumentError} at its first fault. */
  validate?(c: Case, document: string): void;
  labels?(c: Case): readonly string[];
}
