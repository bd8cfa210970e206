import fc from 'fast-check';
import { DocumentError } from '../../../spec/lib/documents.js';
import { resolveNumeric } from '../../../spec/numeric/profile.js';
import { inputsOf } from '../../../spec/operator/facts.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import { checkOperator } from '../../../spec/program/check.js';
import type { ProgramInputs, ProgramTensor } from '../../../spec/program/run.js';
import { elements, type Sizes } from '../../../spec/program/tensor.js';
import type { DType } from '../../../spec/tensor/dtype.js';
import type { Numeric, Operator, Statement } from '../../../spec/types/documents.js';

export function operatorNamed(name: string): Operator {
  const found = operatorDocuments.find((o) => o.name === name);
  if (!found) throw new Error(`no operator ${name}`);
  return found;
}

/** Axes of the inputs of an operator that multiplies queries with keys and weighs values. */
export const plainInputs = { q: ['b', 'hk', 'g', 'm', 'd'], k: ['b', 'hk', 'n', 'd'], v: ['b', 'hk', 'n', 'e'] };

/** The statement `s` of its scores. */
export const scores = ['s', ['dot', 'q', 'k', 'd']];

/** An operator of one's own with one output, o. @param more keys of the document, in place of these or beside them. */
export function operatorWith(program: unknown[], more: object = {}, outputs: readonly string[] = ['o']): Operator {
  const named = { name: 'mine', family: 'mine', version: '1.0.0', title: 'mine', formula: 'o = …' };
  const rows = ['b', 'hk', 'g', 'm'];
  const axes = Object.fromEntries(outputs.map((name) => [name, name === 'lse' ? rows : [...rows, 'e']]));
  return { ...named, inputs: plainInputs, masks: 'any', program, outputs: axes, ...more } as unknown as Operator;
}

/** Path and problem of the first fault that the loader finds in an operator's program; undefined if it finds none. */
export function faultOfOperator(operator: Operator): string | undefined {
  try {
    checkOperator(operator);
  } catch (error) {
    if (error instanceof DocumentError) return `${error.path}: ${error.problem}`;
    throw error;
  }
  return undefined;
}

/** Sizes from 1 to these. */
export function sizesUpTo<Axis extends string>(most: Readonly<Record<Axis, number>>): fc.Arbitrary<Record<Axis, number>> {
  const axes = Object.entries<number>(most).map(([axis, max]) => [axis, fc.integer({ min: 1, max })]);
  return fc.record(Object.fromEntries(axes)) as fc.Arbitrary<Record<Axis, number>>;
}

/** Uniform numbers in [−1, 1), the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x297a2d39) >>> 0;
    return ((state ^ (state >>> 12)) >>> 0) / 2 ** 31 - 1;
  };
}

/** A tensor of float32 numbers. */
export function randomTensor(axes: readonly string[], sizes: Sizes, next: () => number, spread = 1, shift = 0): ProgramTensor {
  const value = Float64Array.from({ length: elements(axes, sizes) }, () => Math.fround(next() * spread + shift));
  return { axes: [...axes], value };
}

export interface Setup {
  readonly sizes: Sizes;
  readonly seed?: number;
  readonly options?: ProgramInputs['options'];
  /** Optional tensors that are there. */
  readonly present?: readonly string[];
  readonly mask?: (b: number, hk: number, g: number, i: number, j: number) => boolean;
  readonly offset?: number;
  readonly dtype?: DType;
  readonly numeric?: Numeric;
  /** By tensor: half of the range, and the middle. */
  readonly spread?: Readonly<Record<string, readonly [number, number]>>;
}

/** Random inputs for an operator. */
export function inputsFor(operator: Operator, setup: Setup): ProgramInputs {
  const { sizes, seed = 1, options = {}, present = [], mask, offset = 0, dtype = 'f64', numeric = {}, spread = {} } = setup;
  const next = randomNumbers(seed);
  const tensors: Record<string, ProgramTensor> = {};
  for (const [name, { axes, optional }] of Object.entries(inputsOf(operator))) {
    if (!optional || present.includes(name)) tensors[name] = randomTensor(axes, sizes, next, ...(spread[name] ?? [1, 0]));
  }
  return {
    sizes,
    tensors,
    options,
    offset,
    profile: resolveNumeric(dtype, numeric),
    gradients: false,
    ...(mask && { mask: maskArray(sizes, mask) }),
  };
}

export function maskArray({ b, hk, g, m, n }: Sizes, visible: NonNullable<Setup['mask']>): Uint8Array {
  const out = new Uint8Array(b * hk * g * m * n);
  let at = 0;
  for (let x = 0; x < b; x++)
    for (let h = 0; h < hk; h++)
      for (let k = 0; k < g; k++) for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[at++] = visible(x, h, k, i, j) ? 1 : 0;
  return out;
}

/** A program of its own, over inputs with the given axes. */
export function programOf(
  inputs: Operator['inputs'],
  program: Statement[],
  outputs: readonly string[] = [program[program.length - 1][0]],
): Operator {
  return { name: 'test', family: 'test', version: '1.0.0', title: 'Test', formula: '…', inputs, program, outputs: withoutAxes(outputs) };
}

/** Outputs of which no axes are said: the loader would refuse them, programs are evaluated all the same. */
export function withoutAxes(outputs: readonly string[]): Operator['outputs'] {
  return Object.fromEntries(outputs.map((name) => [name, []]));
}

/** A cotangent for every output. */
export function randomCotangents(
  operator: Operator,
  inputs: ProgramInputs,
  outputs: Readonly<Record<string, ProgramTensor>>,
  seed: number,
): Record<string, ProgramTensor> {
  const next = randomNumbers(seed);
  return Object.fromEntries(Object.keys(operator.outputs).map((name) => [name, randomTensor(outputs[name].axes, inputs.sizes, next)]));
}

/** Gives the rows of queries and keys the length 1, in place. @param stored rounds a number as it is stored. */
export function toUnitRows({ tensors, sizes: { d } }: ProgramInputs, stored: (x: number) => number): void {
  for (const { value } of [tensors.q, tensors.k]) {
    for (let start = 0; start < value.length; start += d) {
      const length = Math.hypot(...value.subarray(start, start + d));
      for (let x = start; x < start + d; x++) value[x] = stored(value[x] / length);
    }
  }
}
