import { DocumentError } from '../lib/documents.js';
import { readingLoss } from '../numeric/operand-loss.js';
import { outputStore } from '../numeric/profile.js';
import { codeOf, hasRowsOfQueries, inputsOf } from '../operator/facts.js';
import { mapTerms } from '../operator/loops.js';
import type { Expectation, Expected, Problem } from '../problem.js';
import type { DType, Operator, Term } from '../types/documents.js';
import { headGroups, problemInputs } from './problem-inputs.js';
import { evaluateGradients, evaluateProgram, type ProgramInputs, type ProgramTensor } from './run.js';
import { withScratch } from './scratch.js';
import { storedBounds } from './store.js';
import { arrange, elements, type Sizes } from './tensor.js';
import { visibility } from './visibility.js';

/** Oracle for any operator: runs its program. @throws {DocumentError} if it cannot be run. */
export function interpret(problem: Problem, gradients: boolean): Expectation {
  const { numeric } = problem;
  const { outputs, empty } = compute(problem, gradients);
  for (const { value, bound } of Object.values(outputs)) {
    // a rank stores its part before the sum: the error is relative to the part, which may be larger
    if (numeric.parts > 1) bound.set(storedBounds(outputStore(numeric), value, bound, undefined));
    // an f64 kernel errs as much as this oracle: the bound covers both
    if (numeric.accumulate === 'f64') for (let i = 0; i < bound.length; i++) bound[i] *= 2;
  }
  return { outputs, empty };
}

/** Computes a problem again, to find the causes of undecided elements. */
export function causesOf(problem: Problem, gradients: boolean): readonly string[] {
  const causes = new Set<string>();
  compute(problem, gradients, { causes });
  return [...causes];
}

/** Computes a problem as a kernel that rounds each primitive's result, after its exact sums. */
export function computeRounded(problem: Problem, gradients: boolean, rounding: DType): Expectation['outputs'] {
  return compute(problem, gradients, { rounding }).outputs;
}

function compute(problem: Problem, gradients: boolean, more: Pick<ProgramInputs, 'rounding' | 'causes'> = {}): Expectation {
  requirePlainScores(problem);
  const operator = withoutSinkInLse(problem);
  const { mask, empty } = visibility(problem);
  const inputs: ProgramInputs = { ...problemInputs(problem), mask, gradients, ...more };
  const outputs = withScratch(() => (gradients ? gradientsOf(problem, operator, inputs, empty) : outputsOf(problem, operator, inputs)));
  return { outputs: gradients ? outputs : withEmptyRows(problem, outputs, empty), empty };
}

function requirePlainScores(problem: Problem): void {
  const axis = dialectBeyondPrograms(problem);
  if (axis === undefined) return;
  throw new DocumentError(
    'case',
    `$.dialect.${axis}`,
    `found "${problem.dialect[axis]}", which the interpreter of tensor programs does not support; the fused softmax path does`,
  );
}

/** Dialect choice that no program can express; else undefined. */
export function dialectBeyondPrograms({ case: c, dialect, inputs }: Problem): 'alibi' | 'softcap' | 'bias' | undefined {
  if (inputs.alibi && dialect.alibi !== 'relative') return 'alibi';
  if (c.options.softcap === undefined) return undefined;
  if (dialect.softcap !== 'before-mask') return 'softcap';
  return inputs.bias && dialect.bias !== 'after-softcap' ? 'bias' : undefined;
}

/** Removes the sink from logsumexp if the dialect's lseSink is "excluded". */
function withoutSinkInLse({ operator, dialect }: Problem): Operator {
  if (dialect.lseSink === 'included') return operator;
  const rewrite = (term: Term): Term => {
    if (!Array.isArray(term)) return term;
    if (term[0] !== 'logsumexp') return term.map((part) => rewrite(part as Term));
    return term.map((part) => {
      if (typeof part !== 'object' || Array.isArray(part)) return rewrite(part);
      const { sink: _, ...kept } = part;
      return kept;
    });
  };
  return { ...operator, program: mapTerms(operator.program, rewrite) };
}

function outputsOf(problem: Problem, operator: Operator, inputs: ProgramInputs): Record<string, Expected> {
  const outputs = Object.entries(evaluateProgram(operator, inputs)).map(
    ([name, t]) => [name, flattened(problem, name, t, inputs.sizes)] as const,
  );
  for (const [name, { value, bound }] of outputs)
    if (name === 'lse' && problem.dialect.lseBase === '2') toBase2(value, bound, problem.numeric.a);
  return Object.fromEntries(outputs);
}

function withEmptyRows({ operator }: Problem, outputs: Record<string, Expected>, empty: Uint8Array): Record<string, Expected> {
  if (operator.emptyRow === undefined || !empty.includes(1) || !hasRowsOfQueries(operator, 'o')) return outputs;
  const { value, bound } = outputs.o;
  const length = value.length / empty.length;
  for (let row = 0; row < empty.length; row++) {
    if (!empty[row]) continue;
    value.fill(operator.emptyRow === 'nan' ? NaN : 0, row * length, (row + 1) * length);
    bound.fill(0, row * length, (row + 1) * length);
  }
  return outputs;
}

function gradientsOf(problem: Problem, operator: Operator, inputs: ProgramInputs, empty: Uint8Array): Record<string, Expected> {
  const cotangents: Record<string, ProgramTensor> = {};
  const decided = operator.emptyRow !== undefined && empty.includes(1) && hasRowsOfQueries(operator, 'o');
  for (const name of Object.keys(operator.outputs)) {
    if (codeOf(operator, name) || (name !== 'o' && !problem.inputs[`d${name}`])) continue;
    const given = cotangent(problem, `d${name}`, outputAxes(problem, name));
    if (name === 'o' && decided) cotangents.o = { ...given, zero: spread(empty, given.value.length) };
    // lse₂ = lse / ln 2, so the natural cotangent is dlse₂ / ln 2
    else if (name === 'lse' && problem.dialect.lseBase === '2') cotangents.lse = { ...given, value: given.value.map((x) => x / Math.LN2) };
    else cotangents[name] = given;
  }
  const gradients = evaluateGradients(operator, inputs, cotangents);
  const known = inputsOf(operator);
  return Object.fromEntries(
    Object.entries(gradients)
      .filter(([name]) => known[name].gradient)
      .map(([name, t]) => [`d${name}`, expected(t, problem.inputs[name].shape)]),
  );
}

function spread(rows: Uint8Array, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => rows[Math.floor((at * rows.length) / length)]);
}

function cotangent(problem: Problem, name: string, axes: string[]): ProgramTensor {
  if (!problem.inputs[name]) throw new DocumentError('case', `$.tensors.${name}`, 'is missing; the backward pass needs this tensor');
  const { data } = problem.inputs[name];
  const bound = name === 'dlse' ? undefined : readingLoss(problem.numeric, { data });
  return { axes, value: data, ...(bound && { bound }) };
}

function outputAxes(problem: Problem, name: string): string[] {
  return headGroups(problem, problem.operator.outputs[name]).flat();
}

/** Arranges an output in the document's axes, with adjacent hk and g merged. */
function flattened(problem: Problem, name: string, t: ProgramTensor, sizes: Sizes): Expected {
  const groups = headGroups(problem, problem.operator.outputs[name]);
  return expected(
    arrange(t, groups.flat(), sizes),
    groups.map((group) => elements(group, sizes)),
  );
}

function expected({ value, bound }: ProgramTensor, shape: readonly number[]): Expected {
  return { shape, value: value.slice(), bound: bound?.slice() ?? new Float64Array(value.length) };
}

function toBase2(value: Float64Array, bound: Float64Array, a: number): void {
  for (let i = 0; i < value.length; i++) {
    value[i] /= Math.LN2;
    if (Number.isFinite(value[i])) bound[i] = bound[i] / Math.LN2 + 3 * a * Math.abs(value[i]);
  }
}
