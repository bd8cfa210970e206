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

/** A change that a case says by other means than its tensors: an option, a mask or lengths have another value. */
type SaidByCase = OptionChange | MaskChange | PackedChange;

/** How a case's tensors differ from those that its seed gives. The one change of an old case goes by its seed. */
export function transformOf({ seed, changed, transform = [] }: Values): readonly Change[] {
  return changed ? [{ change: seed % 2 === 0 ? 'v' : 'k' }, ...transform] : transform;
}

/** The case with the values that its seed gives. */
export function untransformed(c: Case): Case {
  const { transform: _, changed: __, ...values } = c.values;
  return { ...c, values };
}

/** A case after one change more: of a tensor it goes into the list, of all else into the case itself. */
export function withChange(c: Case, change: Change): Case {
  if (!isSaidByCase(change)) return { ...c, values: { ...c.values, transform: [...(c.values.transform ?? []), change] } };
  const { change: name, to } = change;
  if (typeof to === 'number') return { ...c, options: { ...c.options, [name]: to } };
  return { ...c, [name]: to };
}

/** Names of the inputs that a change of whole inputs speaks of; undefined for other changes, and where it is every input. */
export function inputsNamedBy(change: Change): readonly string[] | undefined {
  if ('fill' in change) return [change.fill];
  if ('part' in change) return change.of;
  if ('plant' in change) return ['q', change.of];
  return 'permute' in change ? change.permute : undefined;
}

/** A change of whole inputs, which laws of operators speak of. */
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

/** Names of the inputs of which an element is another. */
export function elementsChanged(values: Values): string[] {
  return transformOf(values).flatMap((change) => (isElement(change) ? [change.change] : []));
}

/** Tells whether one cell of the mask is another than its name says, so that it must travel dense. */
export function flipsMask(c: Case): boolean {
  return transformOf(c.values).some((change) => isElement(change) && change.change === 'mask');
}

/** The cell [i, j] that is flipped, in the far half of the queries and of the keys. */
export function flippedCell(c: Case, m: number, n: number): readonly [number, number] {
  return [farIndex(c, m, 37), farIndex(c, n, 41)];
}

/** Makes the case's changes in one of its tensors. */
export function transformValues(c: Case, name: string, shape: readonly number[], data: Float64Array, facts: Domain): void {
  for (const change of transformOf(c.values)) {
    if (isShift(change)) shift(c, name, shape[shape.length - 1], data, change.add);
    else if (isOfWholeInputs(change)) changeWhole(c, name, shape, data, facts, change);
    else if (isElement(change) && change.change === name) changeOne(c, data, facts, shape[shape.length - 1]);
  }
  if (facts.draw === 'sorted') sortRows(data, shape[shape.length - 1]);
  if (facts.once) onceInRows(data, shape[shape.length - 1]);
}

/**
 * Makes the case's changes of one tensor in one of these elements, in place.
 * @param places of the elements, the near ones first.
 */
export function changeElements(c: Case, name: string, data: Float64Array, facts: Domain, places: readonly number[]): void {
  for (const change of elementsChanged(c.values)) if (change === name) changeOne(c, data, facts, 1, places);
}

/** Domain of a tensor's elements, and its axes where it is an input. */
type Domain = Pick<InputFacts, 'kind' | 'draw' | 'of' | 'format' | 'packed'> &
  Partial<Pick<InputFacts, 'once'>> & { readonly axes?: readonly string[] };

/** One element of the far half. @param width of the tensor's last axis. */
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

/** The last element of each key is one power of two, and that of each query what makes their product, scaled, the constant. */
function shift(c: Case, name: string, width: number, data: Float64Array, add: number): void {
  if (name !== 'q' && name !== 'k') return;
  const scale = scaleOf(c);
  const key = 2 ** Math.round(Math.log2(Math.sqrt(Math.max(1, Math.abs(add)) / Math.abs(scale))));
  const value = name === 'k' ? key : add / (scale * key);
  for (let at = width - 1; at < data.length; at += width) data[at] = value;
}
