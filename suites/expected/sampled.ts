import { hashOf } from '../../spec/lib/hash.js';
import { axesOf, flatAxesOf, hasRowsOfQueries } from '../../spec/operator/facts.js';
import { expectationOf } from '../../spec/oracle/oracle.js';
import { isStreamed } from '../../spec/oracle/softmax-form.js';
import type { Problem } from '../../spec/problem.js';
import { costOf } from '../../spec/program/cost.js';
import { mixes } from '../../spec/program/mixes.js';
import type { Tensors } from '../../spec/tensor/tensor.js';
import type { Float64Tensor } from '../../spec/tensor/tensor-rows.js';
import type { Case } from '../../spec/types/documents.js';
import { mergeStatistics } from '../judging/statistics.js';
import { expectedOf } from './expected.js';
import { type JudgedPart, type JudgedPass, judgePart, type Pass } from './judge-tensors.js';
import { caseOfTensors, cotangentsIn, type KeyHead, type OwnProblem, problemOfTensors, queryHeadsOf, tensorOfHead } from './own-problem.js';
import { judgeRange } from './values-range.js';

/** Most products of elements, of queries with keys and of weights with values, that are judged whole. */
const WHOLE = 2 ** 31;

/** Most products for gradients of keys and values, which take every row of their head. */
const OF_KEYS = 2 ** 32;

/** Most elements of an operator without rows that are judged whole. */
const ELEMENTS = 2 ** 28;

/** A row of each so many is judged in every head. */
const TILE = 64;

/** Share of a sample in all that it is of. */
interface Share {
  readonly judged: number;
  readonly of: number;
}

/** Verdict on a user's outputs, all or a sample of their rows. */
export interface SampledVerdict {
  readonly case: Case;
  readonly judged: readonly JudgedPass[];
  /** Rows [b, hk·g, m]. */
  readonly rows: Share;
  /** Key heads [b, hk] of which the gradients of keys and values were judged; absent without any. */
  readonly keyHeads?: Share;
}

/**
 * Judges a user's outputs: every element of small tensors, else a sample that depends on shape and
 * dtype alone. The sample has the first, the last and a row of every tile of 64 in every head, each
 * with all of its keys, and whole key heads for the gradients of keys and values. Elements of other
 * rows of o must lie in the range of their head's values.
 * @param whole judges every element of any tensors. @param undiagnosed leaves failures unexplained. @throws {UsageError | DocumentError}
 */
export function judgeSampled(own: OwnProblem, whole = false, undiagnosed = false): SampledVerdict {
  const c = caseOfTensors(own);
  if (!whole && isLarge(own, c)) return judgeSample(own, c);
  const { b, hk, g, m } = c.dims;
  const rows = b * hk * g * m;
  const { judged } = expectedOf(own, undiagnosed);
  const gradients = cotangentsIn(own).length > 0;
  return { case: c, judged, rows: { judged: rows, of: rows }, ...(gradients && { keyHeads: { judged: b * hk, of: b * hk } }) };
}

/** Judges a sample of a user's outputs, however small they are. */
export function judgeSample(own: OwnProblem, c: Case): SampledVerdict {
  const { b, hk, g, m } = c.dims;
  const rows = b * hk * g * m;
  const gradients = cotangentsIn(own).length > 0;
  const sample = sampleOf(own, c);
  const judged = (gradients ? (['forward', 'backward'] as const) : (['forward'] as const)).flatMap((pass) =>
    judgeHeads(own, c, pass, sample),
  );
  const { heads, marks, wholeHeads } = sample;
  return {
    case: c,
    judged,
    rows: { judged: heads.length * (marks ? marks.reduce((sum, x) => sum + x, 0) : g * m), of: rows },
    ...(gradients && { keyHeads: { judged: wholeHeads.size, of: b * hk } }),
  };
}

/** Products of elements in a forward pass over all pairs of queries and keys. */
function productsOf({ dims: { b, hk, g, m, n, d, e } }: Case): number {
  return b * hk * g * m * n * (d + e);
}

function isLarge({ operator, tensors }: OwnProblem, c: Case): boolean {
  if (mixes(operator, 'b') || mixes(operator, 'hk')) return false;
  // a scale that is not of a key head is of the whole
  if (Object.keys(tensors).some((name) => name.endsWith('_scale') && tensors[name].shape.length !== 2)) return false;
  return productsOf(c) > WHOLE || costOf(operator)(c.dims) > ELEMENTS;
}

interface Sample {
  readonly heads: readonly KeyHead[];
  /** 1 for each judged row [g, m] of a head; absent if every row is. */
  readonly marks?: Uint8Array;
  /** Heads all of whose rows are judged in the backward pass. */
  readonly wholeHeads: ReadonlySet<KeyHead>;
}

function sampleOf(own: OwnProblem, c: Case): Sample {
  const { b, hk, g, m } = c.dims;
  const seed = hashOf(...Object.values(c.dims), c.dtype.length);
  const all = Array.from({ length: b * hk }, (_, at): KeyHead => ({ b: Math.floor(at / hk), hk: at % hk }));
  const order = [...all.keys()].sort((x, y) => hashOf(seed, x) - hashOf(seed, y)).map((at) => all[at]);
  const first = (most: number) => order.slice(0, Math.max(1, Math.floor(most)));
  if (!isStreamed(own.operator)) {
    const heads = first((ELEMENTS * all.length) / costOf(own.operator)(c.dims));
    return { heads, wholeHeads: new Set(heads) };
  }
  const marks = new Uint8Array(g * m);
  for (let head = 0; head < g; head++) {
    for (let from = 0; from < m; from += TILE) marks[head * m + from + (hashOf(seed, head, from) % Math.min(TILE, m - from))] = 1;
    marks[head * m] = 1;
    marks[(head + 1) * m - 1] = 1;
  }
  // a backward pass has five products where a forward pass has two
  return { heads: all, marks, wholeHeads: new Set(first((OF_KEYS * all.length) / (2.5 * productsOf(c)))) };
}

/** Judges a pass head by head; explains the worst failure. */
function judgeHeads(own: OwnProblem, c: Case, pass: Pass, sample: Sample): JudgedPass[] {
  let sum: JudgedPass | undefined;
  let worst: { readonly part: JudgedPart; readonly ratio: number } | undefined;
  for (const head of sample.heads) {
    const part = partToJudge(own, c, pass, head, sample);
    if (!part) continue;
    const found = judgePart(own, { ...part, undiagnosed: true });
    leaveUndecided(found, part, sample);
    const outside = pass === 'forward' && found.judgement.status !== 'fail' && sample.marks ? judgeRange(part) : undefined;
    if (outside) return [{ ...found, judgement: placed(outside, part) }];
    if (found.judgement.status === 'fail') {
      const ratio = Math.max(...Object.values(found.statistics).map(({ maxOverBound }) => maxOverBound));
      if (!worst || ratio > worst.ratio) worst = { part, ratio };
    }
    sum = sum ? added(sum, found) : found;
  }
  if (!sum) return [];
  if (!worst) return [sum];
  const { judgement } = judgePart(own, worst.part);
  return [{ ...sum, judgement: placed(judgement, worst.part) }];
}

/** Takes rows that the sample leaves out off the undecided elements of dq. */
function leaveUndecided({ pass, statistics: { dq } }: JudgedPass, { whole, head }: JudgedPart, { marks, wholeHeads }: Sample): void {
  if (pass !== 'backward' || !dq || !marks || (head && wholeHeads.has(head))) return;
  dq.undecided -= marks.filter((judged) => judged === 0).length * whole.dims.d;
}

function added(sum: JudgedPass, found: JudgedPass): JudgedPass {
  for (const [name, statistics] of Object.entries(found.statistics)) {
    if (sum.statistics[name]) mergeStatistics(sum.statistics[name], statistics);
    else sum.statistics[name] = statistics;
  }
  const decided = sum.judgement.status === 'undecided' ? found.judgement : sum.judgement;
  return { ...sum, outputs: [...new Set([...sum.outputs, ...found.outputs])], judgement: decided };
}

function partToJudge(own: OwnProblem, c: Case, pass: Pass, head: KeyHead, { marks, wholeHeads }: Sample): JudgedPart | undefined {
  const backward = pass === 'backward';
  const isWhole = !marks || (backward && wholeHeads.has(head));
  const outputs = outputsOf(own, c, backward, head, isWhole);
  if (Object.keys(outputs).length === 0) return undefined;
  const made = problemOfTensors(own, c, backward, head);
  const problem = isWhole ? made : backward ? withCotangents(made, marks) : { ...made, rows: marks };
  return {
    pass,
    problem,
    outputs,
    whole: c,
    head,
    expectation: (asked, gradients, rows) => {
      const found = expectationOf(asked, gradients, rows);
      if (gradients && !isWhole) leaveRows(found.outputs.dq, marks);
      return found;
    },
  };
}

/** Parts of the given outputs, or gradients, that belong to a key head and can be judged. */
function outputsOf(own: OwnProblem, c: Case, backward: boolean, head: KeyHead, isWhole: boolean): Tensors {
  const { operator, tensors } = own;
  const names = backward ? Object.keys(operator.inputs).map((name) => `d${name}`) : Object.keys(operator.outputs);
  const found: Tensors = {};
  for (const name of names) {
    const axes = flatAxesOf(axesOf(operator, name) ?? []);
    const isOfHead = axes.includes('b') && (axes.includes('h') || axes.includes('hk'));
    const isOfRows = !backward || hasRowsOfQueries(operator, name.slice(1));
    if (!tensors[name] || !isOfHead || !(isWhole || isOfRows)) continue;
    found[name] = tensorOfHead(own, name, c, head).tensor;
  }
  return found;
}

/** Problem whose cotangents are 0 in rows that are not judged: these rows add exact zeros. */
function withCotangents(problem: Problem, marks: Uint8Array): Problem {
  const kept = ({ shape, data }: Float64Tensor): Float64Tensor => {
    const width = data.length / marks.length;
    return { shape, data: data.map((x, at) => (marks[Math.floor(at / width)] ? x : 0)) };
  };
  const { do: dOut, dlse } = problem.inputs;
  return { ...problem, inputs: { ...problem.inputs, do: kept(dOut), ...(dlse && { dlse: kept(dlse) }) } };
}

function leaveRows(dq: { readonly bound: Float64Array } | undefined, marks: Uint8Array): void {
  if (!dq) return;
  const width = dq.bound.length / marks.length;
  for (let row = 0; row < marks.length; row++) if (!marks[row]) dq.bound.fill(Infinity, row * width, (row + 1) * width);
}

/** Judgement whose indices are the ones of all tensors, in layout bhld. */
function placed(judgement: JudgedPass['judgement'], { whole, head }: JudgedPart): JudgedPass['judgement'] {
  if (judgement.status !== 'fail' || !judgement.index || !judgement.output || !head) return judgement;
  const { index, output, message } = judgement;
  const ofKeys = index.length > 1 && whole.dims.g > 1 && /^d[kv]$/.test(output);
  const placedIndex = [head.b, ofKeys ? head.hk : queryHeadsOf(whole, head)[index[1]], ...index.slice(2)];
  return { ...judgement, index: placedIndex, message: message.replace(`[${index.join(', ')}]`, `[${placedIndex.join(', ')}]`) };
}
