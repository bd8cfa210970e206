import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import { fullDialect } from '../../spec/dialect.js';
import { expectationOf } from '../../spec/oracle/oracle.js';
import { isStreamed } from '../../spec/oracle/softmax-form.js';
import type { RowFilter } from '../../spec/oracle/softmax-forward.js';
import type { Expectation, Problem } from '../../spec/problem.js';
import type { Tensors } from '../../spec/tensor/tensor.js';
import type { Capabilities, Case } from '../../spec/types/documents.js';
import type { Judgement } from '../contract/property.js';
import { gradient } from '../properties/kernel/gradient.js';
import { oracle } from '../properties/kernel/oracle.js';
import { type JudgedCase, judgeCase } from '../properties/lib/judge-case.js';
import { type KeyHead, maskOfTensors, type OwnProblem } from './own-problem.js';

/** Judged outputs of one pass. */
export interface JudgedPass extends JudgedCase {
  readonly pass: Pass;
  readonly outputs: readonly string[];
}

export type Pass = 'forward' | 'backward';

/** Part of a user's tensors to judge. */
export interface JudgedPart {
  readonly pass: Pass;
  readonly problem: Problem;
  /** Outputs in the layout of the problem's case. */
  readonly outputs: Tensors;
  readonly expectation: (problem: Problem, gradients: boolean, rows?: RowFilter) => Expectation;
  /** Case of all tensors, and the key head of the problem if it is a part. */
  readonly whole: Case;
  readonly head?: KeyHead;
  /** Leaves a failure unexplained. */
  readonly undiagnosed?: boolean;
}

/** Judges outputs of a whole problem. */
export function judgeWhole(
  own: OwnProblem,
  problem: Problem,
  expectation: Expectation,
  pass: Pass,
  given: readonly string[],
  undiagnosed: boolean,
): JudgedPass {
  const outputs = Object.fromEntries(given.map((name) => [name, own.tensors[name]]));
  return judgePart(own, {
    pass,
    problem,
    outputs,
    whole: problem.case,
    undiagnosed,
    expectation: (asked, gradients, rows) =>
      asked === problem && rows === undefined ? expectation : expectationOf(asked, gradients, rows),
  });
}

/** Judges outputs by the property of their pass, and explains a failure by all or a few rows. */
export function judgePart(own: OwnProblem, part: JudgedPart): JudgedPass {
  const found = judgeAll(own, part);
  const { judgement } = found;
  const isOpen = judgement.status === 'fail' && judgement.hint === undefined && part.pass === 'forward' && !part.undiagnosed;
  if (!isOpen || !judgement.index || !isStreamed(own.operator)) return found;
  const few = judgeAll(own, fewRows(part, judgement.index)).judgement;
  return few.status === 'fail' && few.hint !== undefined ? { ...found, judgement: { ...judgement, hint: few.hint } } : found;
}

/** Most products on which the hypotheses about a failure are tried. */
const EXPLAINED = 1.6e6;

/** Part with the row of an element and a few more, spread over all rows. */
function fewRows(part: JudgedPart, [b, head, row]: readonly number[]): JudgedPart {
  const { problem } = part;
  const { b: entries, hk, g, m, n, d, e } = problem.case.dims;
  const all = entries * hk * g * m;
  const count = Math.min(all, Math.max(1, Math.floor(EXPLAINED / (n * (d + e)))));
  const rows = new Uint8Array(all);
  rows[(b * hk * g + head) * m + row] = 1;
  for (let x = 0; x < count - 1; x++) rows[Math.floor((x * (all - 1)) / Math.max(1, count - 2))] = 1;
  const c = { ...problem.case, values: { ...problem.case.values, rows: count } };
  return { ...part, problem: { ...problem, case: c, rows }, expectation: expectationOf };
}

function judgeAll(own: OwnProblem, part: JudgedPart): JudgedPass {
  const { library, numeric, operator } = own;
  const { pass, problem, outputs } = part;
  const given = Object.keys(outputs);
  const { mask, options, dtype, layout } = problem.case;
  const claims: Capabilities = {
    dtypes: [dtype],
    operators: [operator.name],
    layouts: [layout],
    options: Object.keys(options) as never,
    ...('name' in mask && { masks: [mask.name] }),
    ...(pass === 'forward' ? { outputs: [...new Set(['o', ...given])] } : { gradients: given.map((name) => name.slice(1)) as never }),
    ...(numeric && { numeric }),
  };
  const judge = {
    claims: Claims.of(library, resolveCapabilities(claims, 'the tensors')),
    // hints try the same tensors under another dialect
    problemOf: (_: Claims, c: Case) => (c === problem.case ? problem : under(own, part, c)),
    expectationOf: part.expectation,
    ...(part.undiagnosed && { undiagnosed: true }),
  };
  const { judgement, ...found } = judgeCase(pass === 'forward' ? oracle : gradient, judge, problem.case, [outputs]);
  return { pass, outputs: given, ...found, judgement: ofTensors(judgement) };
}

/** Judgement whose hint gives the flag of this question: tensors have no capabilities, and no other checks. */
function ofTensors(judgement: Judgement): Judgement {
  if (judgement.status !== 'fail' || judgement.hint === undefined) return judgement;
  const hint = judgement.hint.replaceAll(' declare it with ', ' judge it with ').replace(/ \(see the check \S+\)/g, '');
  return { ...judgement, hint };
}

function under({ library, tensors }: OwnProblem, { problem, whole, head }: JudgedPart, c: Case): Problem {
  // a hypothesis may have other sizes than this key head's mask
  const isOfHead = head && c.dims === problem.case.dims;
  const mask = isOfHead ? maskOfTensors(library, { ...c, dims: whole.dims }, {}, head) : maskOfTensors(library, c, {});
  return { ...problem, case: c, mask: tensors.mask ? problem.mask : mask, dialect: fullDialect(c.dialect) };
}
