import { DocumentError } from '../spec/lib/documents.js';
import { nearestNames } from '../spec/lib/nearest.js';
import { compileMask } from '../spec/mask/compile/compile.js';
import { maskDialect } from '../spec/mask/mask-dialect.js';
import { sizeRuleOf, tiesOf, withComputedAxes } from '../spec/operator/axes.js';
import { outsideDomain } from '../spec/operator/domain.js';
import { declaredAxes, factsWith, inputsOf, ownAxes, queryAxisOf } from '../spec/operator/facts.js';
import { rowsPerValues } from '../spec/operator/read-out.js';
import type { SpecLibrary } from '../spec/spec-library.js';
import type { Case, Fill, Mask, Operator, TokenRun } from '../spec/types/documents.js';
import { hasHistory } from './history/inputs.js';
import { tables } from './history/other-tables.js';
import { isPaged } from './history/pages.js';
import { play } from './history/play.js';
import { checkHistory } from './history/validate.js';
import { longInputs } from './values/long-inputs.js';
import { inputsNamedBy, isOfWholeInputs, isShift, isTokenRun } from './values/transform.js';
import { parts } from './whole/parts.js';

/** Most elements of all tensors, and most cells of a mask, in a case with every row judged. */
const ELEMENTS = 2 ** 28;
const CELLS = 2 ** 30;
/** Most elements of a case with targets, which passes its mask by name. */
const LONG_ELEMENTS = 2 ** 30;

/** Most elements of a case with sampled rows, which reads the mask of these rows only. */
const SAMPLED_ELEMENTS = 2 ** 32;

const dimensions = ['b', 'hk', 'g', 'm', 'n', 'd', 'e'];

/** Checks a case that fits its schema. @throws {DocumentError} at its first fault. */
export function validateCase(library: SpecLibrary, c: Case, document: string): void {
  const operator = library.operators.get(c.operator);
  if (!operator)
    throw new DocumentError(document, '$.operator', `found "${c.operator}", ${nearestNames(c.operator, library.operators.keys())}`);
  checkSizes(operator, c, document);
  checkOptions(operator, c, document);
  checkPacked(library, c, document);
  checkHistory(library, c, document);
  checkMask(library, operator, c, document);
  checkValues(operator, c, document);
  checkTransform(library, operator, c, document);
  for (const part of parts) part.validate?.(c, document);
}

/** Returns the error that `validateCase` throws, or undefined. */
export function caseFault(library: SpecLibrary, c: Case, document: string): DocumentError | undefined {
  try {
    validateCase(library, c, document);
    return undefined;
  } catch (error) {
    if (error instanceof DocumentError) return error;
    throw error;
  }
}

function checkSizes(operator: Operator, c: Case, document: string): void {
  const { b, hk, g, m, n } = c.dims;
  const used = new Set([...Object.values(declaredAxes(operator)).flat(), ...ownAxes(operator)]);
  for (const axis of Object.keys(c.dims)) {
    if (!dimensions.includes(axis) && !used.has(axis))
      throw new DocumentError(document, `$.dims.${axis}`, `operator ${operator.name} has no such axis`);
  }
  for (const axis of used) if (c.dims[axis] === undefined) throw new DocumentError(document, '$.dims', `"${axis}" is missing`);
  if (used.has('n') && queryAxisOf(operator) === 'n' && m !== n) {
    throw new DocumentError(
      document,
      '$.dims.m',
      `found ${m}, must be n = ${n}: the queries of ${operator.name} share their axis with the keys`,
    );
  }
  for (const [x, y] of tiesOf(operator))
    if (c.dims[x] !== c.dims[y])
      throw new DocumentError(document, `$.dims.${y}`, `found ${c.dims[y]}, must be ${x} = ${c.dims[x]} in ${operator.name}`);
  for (const [axis, size] of Object.entries(withComputedAxes(operator, c.dims, c.options))) {
    if (!(Number.isInteger(size) && size > 0))
      throw new DocumentError(
        document,
        `$.dims.${axis}`,
        `would be ${size}: ${operator.name} computes it as ${sizeRuleOf(operator, axis)}; choose sizes and options that make it a whole number`,
      );
    if (c.dims[axis] !== size)
      throw new DocumentError(document, `$.dims.${axis}`, `found ${c.dims[axis]}, must be ${size} for these sizes and options`);
  }
  const [wholeM, wholeN] = c.block?.whole ?? [m, n];
  const sizes: Readonly<Record<string, number>> = { ...c.dims, m: wholeM, n: wholeN };
  const given = Object.entries(declaredAxes(operator)).filter(([name]) => Object.hasOwn(operator.inputs, name) || c.options[name] === true);
  const tensors = [...given.map(([, axes]) => axes), ...Object.values(operator.outputs)];
  const elements = tensors.reduce((sum, axes) => sum + axes.reduce((product, axis) => product * sizes[axis], 1), 0);
  const cells = b * hk * g * wholeM * wholeN;
  const isLong = longInputs[c.values.distribution] !== undefined && 'name' in c.mask;
  const isSampled = c.values.rows !== undefined;
  const most = isSampled ? SAMPLED_ELEMENTS : isLong ? LONG_ELEMENTS : ELEMENTS;
  if (elements > most) throw new DocumentError(document, '$.dims', `these sizes make ${elements} elements, allowed: ${most}`);
  if (cells > CELLS && !isLong && !isSampled && !isFull(c.block?.of ?? c.mask)) {
    throw new DocumentError(document, '$.dims', `these sizes make a mask of ${cells} cells, allowed: ${CELLS}`);
  }
}

function checkOptions(operator: Operator, c: Case, document: string): void {
  const numeric = Object.keys(operator.options ?? {});
  const tensors = Object.keys(operator.optional ?? {});
  for (const [name, value] of Object.entries(c.options)) {
    const path = `$.options.${name}`;
    if (numeric.includes(name)) {
      if (typeof value !== 'number') throw new DocumentError(document, path, `found ${value}, must be a number`);
    } else if (!tensors.includes(name)) {
      throw new DocumentError(document, path, `found "${name}", ${nearestNames(name, [...numeric, ...tensors])}`);
    } else if (value !== true) {
      throw new DocumentError(document, path, `found ${value}, must be true: the case has a tensor of this name`);
    }
  }
  if (c.options.softcap !== undefined && !((c.options.softcap as number) > 0)) {
    throw new DocumentError(document, '$.options.softcap', `found ${c.options.softcap}, must be more than 0`);
  }
}

/** Compiles the mask, which checks its names, its parameters and m = n. */
function checkMask(library: SpecLibrary, operator: Operator, c: Case, document: string): void {
  const { b, hk, g, m, n } = c.dims;
  const sizes = { b, heads: hk * g, ...maskDialect(c) };
  if (Array.isArray(operator.masks) && !('name' in c.mask && operator.masks.includes(c.mask.name))) {
    throw new DocumentError(document, '$.mask', `found ${JSON.stringify(c.mask)}, ${operator.name} allows: ${operator.masks.join(', ')}`);
  }
  if (c.packed) {
    for (const [x, q] of c.packed.q.entries()) compileMask(library, c.mask, { ...sizes, b: 1, m: q, n: c.packed.k[x] }, document);
    return;
  }
  if (!c.block) {
    compileMask(library, c.mask, { ...sizes, m, n }, document);
    return;
  }
  const { queries, keys, of, whole } = c.block;
  checkRange(queries, m, whole?.[0], '$.block.queries', document);
  checkRange(keys, n, whole?.[1], '$.block.keys', document);
  compileMask(library, of, { ...sizes, m: whole?.[0] ?? m, n: whole?.[1] ?? n }, document, '$.block.of');
}

function checkRange(
  [start, end]: readonly [number, number],
  size: number,
  whole: number | undefined,
  path: string,
  document: string,
): void {
  if (end - start !== size) throw new DocumentError(document, path, `found [${start}, ${end}), must have the length of this case: ${size}`);
  if (end > (whole ?? size))
    throw new DocumentError(document, path, `found [${start}, ${end}), must lie within the whole length: ${whole ?? size}`);
}

function checkValues(operator: Operator, c: Case, document: string): void {
  const { distribution, columns, queries, rows } = c.values;
  const wrong = (name: string, text: string) => new DocumentError(document, `$.values.${name}`, text);
  if (rows !== undefined && c.history) throw wrong('rows', 'must be absent in a case with a history: every row of its calls is judged');
  for (const name of ['columns', 'queries'] as const)
    if (c.values[name] !== undefined && longInputs[distribution])
      throw wrong(name, `must be absent with distribution "${distribution}", which sets v and do`);
  const [tokens, all] = hasHistory(c) ? [play(c.history).allTokens, "the history's"] : [c.dims.n, 'n ='];
  if (columns !== undefined && columns >= tokens) throw wrong('columns', `found ${columns}, must be a key: less than ${all} ${tokens}`);
  if (queries === undefined) return;
  const queriesPerHead = rowsPerValues(operator, c);
  if (queriesPerHead === undefined) throw wrong('queries', `must be absent: outputs of ${operator.name} are not rows of values`);
  if (queries >= queriesPerHead) throw wrong('queries', `found ${queries}, must be a query: less than the ${queriesPerHead} of a key head`);
  if (rows !== undefined) throw wrong('queries', 'must be absent beside $.values.rows, which sets do to zero elsewhere');
}

/** Checks that every change names an input or option, and that the changed case is valid. */
function checkTransform(library: SpecLibrary, operator: Operator, c: Case, document: string): void {
  const ofPages = isPaged(c) ? tables : [];
  const cotangents = Object.keys(operator.outputs).map((name) => `d${name}`);
  const inputs = Object.keys(declaredAxes(operator));
  const tensors = [...inputs, 'mask', ...cotangents, ...ofPages];
  const numeric = Object.keys(operator.options ?? {});
  for (const [at, change] of (c.values.transform ?? []).entries()) {
    const path = `$.values.transform[${at}]`;
    if (isOfWholeInputs(change)) {
      const unknown = inputsNamedBy(change)?.find((name) => !inputs.includes(name));
      if (unknown !== undefined) throw new DocumentError(document, path, `found "${unknown}", ${nearestNames(unknown, inputs)}`);
      if ('fill' in change) checkFill(operator, c, change, `${path}.with`, document);
      if ('plant' in change && change.key >= c.dims.n)
        throw new DocumentError(document, `${path}.key`, `found ${change.key}, must be a key: less than n = ${c.dims.n}`);
    } else if (isTokenRun(change)) {
      checkTokenRun(operator, c, change, document, path);
    } else if (isShift(change)) {
      if (!declaredAxes(operator).q || !declaredAxes(operator).k)
        throw new DocumentError(document, path, `${operator.name} has no scores q·k`);
    } else if (!('to' in change)) {
      if (!tensors.includes(change.change))
        throw new DocumentError(document, `${path}.change`, `found "${change.change}", ${nearestNames(change.change, tensors)}`);
    } else if (typeof change.to === 'number') {
      if (!numeric.includes(change.change))
        throw new DocumentError(document, `${path}.change`, `found "${change.change}", ${nearestNames(change.change, numeric)}`);
      checkOptions(operator, { ...c, options: { [change.change]: change.to } }, document);
      const sizes = withComputedAxes(operator, c.dims, { ...c.options, [change.change]: change.to });
      const other = Object.keys(sizes).find((axis) => sizes[axis] !== c.dims[axis]);
      if (other !== undefined)
        throw new DocumentError(
          document,
          `${path}.to`,
          `found ${change.to}, which makes ${other} ${sizes[other]}: a change must keep it at ${c.dims[other]}`,
        );
    } else if ('q' in change.to) {
      checkPacked(library, { ...c, packed: change.to }, document);
    } else {
      checkMask(library, operator, { ...c, mask: change.to as Mask }, document);
    }
  }
}

function checkFill(operator: Operator, { dims, options }: Case, { fill, with: value }: Fill, path: string, document: string): void {
  const facts = factsWith(inputsOf(operator)[fill], options);
  const { of, once, axes } = facts;
  const mend = outsideDomain(facts, value, of === undefined ? undefined : { axis: of, size: dims[of] });
  if (mend !== undefined) throw new DocumentError(document, path, `found ${value}, ${mend}`);
  const slots = dims[axes[axes.length - 1]];
  if (once && value >= 0 && value < dims[of as string] && slots > 1)
    throw new DocumentError(document, path, `found ${value} in all ${slots} slots, must be −1: ${fill} names no index twice`);
}

function checkTokenRun(operator: Operator, c: Case, { run, from, of, states }: TokenRun, document: string, path: string): void {
  const size = c.dims[run];
  if (size === undefined) throw new DocumentError(document, `${path}.run`, `found "${run}", which is not an axis of ${operator.name}`);
  if (from + size > of)
    throw new DocumentError(
      document,
      `${path}.of`,
      `found ${of}, must be ${from + size} or more: ${from} earlier tokens and the ${size} of this run`,
    );
  for (const [input, output] of Object.entries(states)) {
    if (!Object.hasOwn(operator.optional ?? {}, input))
      throw new DocumentError(document, `${path}.states`, `found "${input}", ${nearestNames(input, Object.keys(operator.optional ?? {}))}`);
    if (!Object.hasOwn(operator.outputs, output))
      throw new DocumentError(
        document,
        `${path}.states.${input}`,
        `found "${output}", ${nearestNames(output, Object.keys(operator.outputs))}`,
      );
    if ((c.options[input] === true) !== from > 0)
      throw new DocumentError(
        document,
        `$.options.${input}`,
        from > 0 ? 'is missing: the run begins with this state' : 'must be absent: the run begins without a state',
      );
  }
}

function checkPacked(library: SpecLibrary, c: Case, document: string): void {
  if ((c.layout === 'thd') !== (c.packed !== undefined)) {
    throw new DocumentError(
      document,
      '$.packed',
      c.packed
        ? `must be absent with layout "${c.layout}": only "thd" has documents`
        : 'is missing: layout "thd" needs the lengths of its documents',
    );
  }
  if (!c.packed) return;
  const { q, k } = c.packed;
  if (q.length !== k.length)
    throw new DocumentError(document, '$.packed.k', `found ${k.length} lengths, must be as many as of q: ${q.length}`);
  if (total(q) !== c.dims.m)
    throw new DocumentError(document, '$.packed.q', `found lengths that add up to ${total(q)}, must add up to m = ${c.dims.m}`);
  if (total(k) !== c.dims.n)
    throw new DocumentError(document, '$.packed.k', `found lengths that add up to ${total(k)}, must add up to n = ${c.dims.n}`);
  if (c.dims.b !== 1) throw new DocumentError(document, '$.dims.b', `found ${c.dims.b}, must be 1: packed documents are one sequence`);
  for (const key of ['views', 'split', 'block', 'history'] as const) {
    if (c[key]) throw new DocumentError(document, `$.${key}`, 'must be absent in a case with packed documents');
  }
  if (c.options.bias)
    throw new DocumentError(
      document,
      '$.options.bias',
      'must be absent in a case with packed documents: no dense tensors are defined for them',
    );
  if (!('name' in c.mask) || library.masks.get(c.mask.name)?.tables)
    throw new DocumentError(
      document,
      '$.mask',
      `found ${JSON.stringify(c.mask)}, must be a named mask without tables, because the case has packed documents`,
    );
}

function isFull(mask: Mask): boolean {
  return 'name' in mask && mask.name === 'full';
}

function total(lengths: readonly number[]): number {
  return lengths.reduce((a, b) => a + b, 0);
}
