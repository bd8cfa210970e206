import { masksOf } from '../../generators/mask/form.js';
import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import { fullDialect } from '../../spec/dialect.js';
import { axesOf, flatAxesOf, layoutForm } from '../../spec/operator/facts.js';
import { layOut } from '../../spec/operator/layout.js';
import { expectationOf } from '../../spec/oracle/oracle.js';
import { storedBound } from '../../spec/oracle/output-bound.js';
import type { Problem } from '../../spec/oracle/problem.js';
import { contiguous, type Tensors, tensor, transpose } from '../../spec/tensor/tensor.js';
import type { Capabilities, Case, DType } from '../../spec/types/documents.js';
import { type JudgedCase, judgeCase } from '../judging/judge-case.js';
import { gradient } from '../properties/kernel/gradient.js';
import { oracle } from '../properties/kernel/oracle.js';
import type { Property } from '../properties/property.js';
import { type OwnProblem, problemOfTensors } from './own-problem.js';

/** Outputs of one pass that were given beside the inputs, judged as a kernel's would be. */
export interface JudgedPass extends JudgedCase {
  readonly pass: 'forward' | 'backward';
  /** Names of the outputs or gradients that were judged. */
  readonly outputs: readonly string[];
}

export interface ExpectedOutputs {
  readonly case: Case;
  /**
   * `expected.X` and `bound.X` in float64 for each output X and, where a cotangent is given, each gradient, in the layout of the inputs. An element passes
   * if |X − expected| ≤ bound, or if both are the same infinity or NaN; an infinite bound decides nothing.
   */
  readonly tensors: Tensors;
  /** Judged passes: those of which the tensors have outputs. */
  readonly judged: readonly JudgedPass[];
}

/**
 * Computes what the oracle expects of tensors of one's own, with its error bounds, and judges the outputs and gradients that are among them.
 * @throws {UsageError} and @throws {DocumentError} for tensors and options that do not fit the operator.
 */
export function expectedOf(own: OwnProblem): ExpectedOutputs {
  const problems = problemOfTensors(own);
  const passes = [
    { pass: 'forward', problem: problems.forward, property: oracle },
    ...(problems.backward ? [{ pass: 'backward', problem: problems.backward, property: gradient } as const] : []),
  ] as const;
  const tensors: Tensors = {};
  const judged: JudgedPass[] = [];
  for (const { pass, problem, property } of passes) {
    const expectation = expectationOf(problem, pass === 'backward');
    for (const [name, { shape, value, bound }] of Object.entries(expectation.outputs)) {
      const dtype = storedTypeOf(own, problem, name);
      const stored = value.map((x, i) => storedBound(x, bound[i], dtype, problem.numeric.flushToZero));
      tensors[`expected.${name}`] = laidOut(own, name, shape, value);
      tensors[`bound.${name}`] = laidOut(own, name, shape, stored);
    }
    const given = Object.keys(expectation.outputs).filter((name) => own.tensors[name]);
    if (given.length > 0) judged.push({ pass, outputs: given, ...judgedBy(own, problem, property, given) });
  }
  return { case: problems.forward.case, tensors, judged };
}

/** The type in which an output is stored: its own where it is given. */
function storedTypeOf({ tensors }: OwnProblem, problem: Problem, name: string): DType {
  const usual = name === 'lse' ? (problem.case.dtype === 'f64' ? 'f64' : 'f32') : problem.case.dtype;
  return (tensors[name]?.dtype as DType | undefined) ?? usual;
}

function laidOut({ operator, layout }: OwnProblem, name: string, shape: readonly number[], values: Float64Array) {
  const form = layoutForm(flatAxesOf(axesOf(operator, name) ?? []));
  const plain = tensor('f64', shape, values);
  const swapped = layout !== 'bhld' && form === 'tokens' ? contiguous(transpose(plain, [0, 2, 1, 3])) : plain;
  return { ...tensor('f64', layOut(form, shape, layout), swapped.data as Float64Array) };
}

function judgedBy(own: OwnProblem, problem: Problem, property: Property, given: readonly string[]): JudgedCase {
  const { library, tensors, numeric, operator } = own;
  const isForward = property === oracle;
  const claims: Capabilities = {
    dtypes: [problem.case.dtype],
    operators: [operator.name],
    layouts: [own.layout],
    options: Object.keys(problem.case.options) as never,
    ...('name' in own.mask && { masks: [own.mask.name] }),
    ...(isForward ? { outputs: [...new Set(['o', ...given])] } : { gradients: given.map((name) => name.slice(1)) as never }),
    ...(numeric && { numeric }),
  };
  const judge = {
    claims: Claims.of(library, resolveCapabilities(claims, 'the tensors')),
    // hints ask for the same tensors under another dialect
    problemOf: (_: Claims, c: Case) => (c === problem.case ? problem : under(own, problem, c)),
    expectationOf,
  };
  return judgeCase(property, judge, problem.case, [Object.fromEntries(given.map((name) => [name, tensors[name]]))]);
}

/** The problem of the same tensors by the mask and dialect of another case. */
function under({ library, tensors }: OwnProblem, problem: Problem, c: Case): Problem {
  return { ...problem, case: c, mask: tensors.mask ? problem.mask : masksOf(library, c).own, dialect: fullDialect(c.dialect) };
}
