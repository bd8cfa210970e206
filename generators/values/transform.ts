import { hashOf } from '../../spec/lib/hash.js';
import type { InputFacts } from '../../spec/operator/facts.js';
import type {
  Case,
  Change,
  ElementChange,
  Fill,
  LaterTokens,
  MaskChange,
  OptionChange,
  PackedChange,
  PartOfInputs,
  Permutation,
  PlantedScore,
  ScoreShift,
  TokenRun,
  Values,
} from '../../spec/types/documents.js';
import { changeWhole } from './change-whole.js';
import { onceInRows, otherValue, sortRows } from './input-domain.js';
import { scaleOf } from './scale.js';

/** Change of an option, a mask or lengths, which is stated outside the tensors. */
type SaidByCase = OptionChange | MaskChange | PackedChange;

/** Changes of a case's drawn tensors. An old case's `changed` stands for one chosen by its seed. */
export function transformOf({ seed, changed, transform = [] }: Values): readonly Change[] {
  return changed ? [{ change: seed % 2 === 0 ? 'v' : 'k' }, ...transform] : transform;
}

/** Case with the values of its seed, without changes. */
export function untransformed(c: Case): Case {
  const { transform: _, changed: __, ...values } = c.values;
  return { ...c, values };
}

/** Case after one more change: a tensor's goes into the list, any other into the case itself. */
export function withChange(c: Case, change: Change): Case {
  if (!isSaidByCase(change)) return { ...c, values: { ...c.values, transform: [...(c.values.transform ?? []), change] } };
  const { change: name, to } = change;
  if (typeof to === 'number') return { ...c, options: { ...c.options, [name]: to } };
  return { ...c, [name]: to };
}

/** Inputs that a change of whole inputs names; undefined if it names none or is another change. */
export function inputsNamedBy(change: Change): readonly string[] | undefined {
  if ('fill' in change) return [change.fill];
  if ('part' in change) return change.of;
  if ('plant' in change) return ['q', change.of];
  return 'permute' in change ? change.permute : undefined;
}

type WholeChange = Fill | PartOfInputs | Permutation | LaterTokens | PlantedScore;

export function isOfWholeInputs(change: Change): change is WholeChange {
  return 'fill' in change || 'part' in change || 'permute' in change || 'later' in change || 'plant' in change;
}

export function isTokenRun(change: Change): change is TokenRun {
  return 'run' in change;
}

export function isShift(change: Change): change is ScoreShift {
  return 'add' in change;
}

function isSaidByCase(change: Change): change is SaidByCase {
  return 'change' in change && 'to' in change;
}

function isElement(change: Change): change is ElementChange {
  return 'change' in change && !('to' in change);
}

/** Names of the inputs with one changed element. */
export function elementsChanged(values: Values): string[] {
  return transformOf(values).flatMap((change) => (isElement(change) ? [change.change] : []));
}

/** True if a cell of the mask is flipped, so that the mask must travel dense. */
export function flipsMask(c: Case): boolean {
  return transformOf(c.values).some((change) => isElement(change) && change.change === 'mask');
}

/** Flipped cell [i, j], in the far half of the queries and of the keys. */
export function flippedCell(c: Case, m: number, n: number): readonly [number, number] {
  return [farIndex(c, m, 37), farIndex(c, n, 41)];
}

/** Applies the case's changes to one of its tensors. */
export function transformValues(c: Case, name: string, shape: readonly number[], data: Float64Array, facts: Domain): void {
  for (const change of transformOf(c.values)) {
    if (isShift(change)) shift(c, name, shape[shape.length - 1], data, change.add);
    else if (isOfWholeInputs(change)) changeWhole(c, name, shape, data, facts, change);
    else if (isElement(change) && change.change === name) changeOne(c, data, facts, shape[shape.length - 1]);
  }
  if (facts.draw === 'sorted') sortRows(data, shape[shape.length - 1]);
  if (facts.once) onceInRows(data, shape[shape.length - 1]);
}

/** Applies the case's changes of a tensor to one of the elements at `places`, near ones first. */
export function changeElements(c: Case, name: string, data: Float64Array, facts: Domain, places: readonly number[]): void {
  for (const change of elementsChanged(c.values)) if (change === name) changeOne(c, data, facts, 1, places);
}

type Domain = Pick<InputFacts, 'kind' | 'draw' | 'of' | 'format' | 'packed'> &
  Partial<Pick<InputFacts, 'once'>> & { readonly axes?: readonly string[] };

/** Changes one element of the far half. @param width size of the tensor's last axis. */
function changeOne(c: Case, data: Float64Array, facts: Domain, width: number, places?: readonly number[]): void {
  const count = places?.length ?? data.length;
  if (count === 0) return;
  const far = farIndex(c, count, 29);
  const at = places ? places[far] : far;
  data[at] = otherValue(data[at], facts, facts.of === undefined ? 1 : c.dims[facts.of], at % width);
}

function farIndex(c: Case, length: number, salt: number): number {
  return length - 1 - (hashOf(c.values.seed, salt) % Math.ceil(length / 2));
}

/** Sets the last element of each key and query so that their scaled product is `add`. */
function shift(c: Case, name: string, width: number, data: Float64Array, add: number): void {
  if (name !== 'q' && name !== 'k') return;
  const scale = scaleOf(c);
  const key = 2 ** Math.round(Math.log2(Math.sqrt(Math.max(1, Math.abs(add)) / Math.abs(scale))));
  const value = name === 'k' ? key : add / (scale * key);
  for (let at = width - 1; at < data.length; at += width) data[at] = value;
}
