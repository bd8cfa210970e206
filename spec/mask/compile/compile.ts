import { compileTerm, type Table } from '../../expression/term.js';
import { DocumentError } from '../../lib/documents.js';
import { nearestNames } from '../../lib/nearest.js';
import type { SpecLibrary } from '../../spec-library.js';
import type { Tensors } from '../../tensor/tensor.js';
import type { Mask, MaskSpec, NamedMask } from '../../types/documents.js';
import { checkMaskSpec } from '../check-spec.js';
import { type MaskValues, readParameters } from '../parameters.js';
import { queryOffset } from '../query-offset.js';
import { tableRules } from '../tables/tables.js';
import { areaOf } from './area.js';
import type { CompiledMask, MaskProblem } from './compiled-mask.js';
import { type Frame, reads, variablesOf } from './frame.js';
import { every, negation, perHead, rowPredicate, some } from './row-predicate.js';
import type { RowPredicate } from './run-list.js';

/** Context of one compilation, shared by all parts of a mask. */
interface MaskContext {
  readonly library: Pick<SpecLibrary, 'masks'>;
  readonly problem: MaskProblem;
  readonly frame: Frame;
  readonly document: string;
}

/** Compiles a named mask to its predicate and tables. @throws {DocumentError} for a misfit. */
function compileNamed(context: MaskContext, mask: NamedMask, path: string): { predicate: RowPredicate; tables: Tensors } {
  const { library, problem, frame, document } = context;
  const spec = library.masks.get(mask.name);
  if (!spec)
    throw new DocumentError(
      document,
      `${path}.name`,
      `found "${mask.name}", which names no mask; ${nearestNames(mask.name, library.masks.keys())}`,
    );
  checkMaskSpec(spec);
  if (spec.square && problem.m !== problem.n)
    throw new DocumentError(document, path, `mask "${spec.name}" needs m = n, found m = ${problem.m}, n = ${problem.n}`);
  const values = readParameters(spec, mask.parameters ?? {}, problem, document, `${path}.parameters`);
  const tables = new Map<string, Table>();
  const sent: Tensors = {};
  for (const [name, { rule, send }] of Object.entries(spec.tables ?? {})) {
    const table = makeTable(context, rule, values, path);
    tables.set(name, table);
    if (send) sent[name] = tableRules[rule].send(table, problem);
  }
  const term = compileTerm(spec.visible, { constants: constantsOf(spec, values, problem), variables: variablesOf(frame), tables });
  return { predicate: rowPredicate(term, frame, problem.n), tables: sent };
}

function makeTable({ problem, document }: MaskContext, rule: keyof typeof tableRules, values: MaskValues, path: string): Table {
  try {
    return tableRules[rule].make(values, problem);
  } catch (error) {
    if (error instanceof RangeError) throw new DocumentError(document, `${path}.parameters`, error.message);
    throw error;
  }
}

function constantsOf(spec: MaskSpec, values: MaskValues, { heads, m, n, causal, window }: MaskProblem): Map<string, number> {
  const constants = new Map(Object.entries(values.numbers));
  constants.set('heads', heads);
  constants.set('m', m);
  constants.set('n', n);
  constants.set('offset', queryOffset(causal, m, n));
  constants.set('exclusive', window === 'exclusive' ? 1 : 0);
  for (const { choices = [] } of Object.values(spec.parameters ?? {})) {
    for (const [place, choice] of choices.entries()) constants.set(choice, place);
  }
  return constants;
}

/**
 * Compiles a mask for given sizes; a named mask has tables.
 * @param path of the mask in `document`.
 * @throws {DocumentError} for an unknown mask, a wrong parameter, or a needed m = n.
 */
export function compileMask(
  library: Pick<SpecLibrary, 'masks'>,
  mask: Mask,
  problem: MaskProblem,
  document = 'case',
  path = '$.mask',
): CompiledMask {
  const { b, heads, m, n } = problem;
  const frame: Frame = { b: 0, h: 0, i: 0, j: 0 };
  const { predicate, tables } = compilePart({ library, problem, frame, document }, mask, path);
  const at = (batch: number, head: number, query: number) => {
    frame.b = batch;
    frame.h = head;
    frame.i = query;
  };
  const perRow = (predicate.reads & reads.i) !== 0;
  const compiled: CompiledMask = {
    b,
    heads,
    m,
    n,
    perBatch: b > 1 && (predicate.reads & reads.b) !== 0,
    perHead: heads > 1 && (predicate.reads & reads.h) !== 0,
    visible(batch, head, query, key) {
      at(batch, head, query);
      frame.j = key;
      return predicate.test();
    },
    runs(batch, head, query, out) {
      at(batch, head, query);
      return predicate.runs(out);
    },
    scans: () => predicate.scans(),
    area: () => areaOf(compiled, perRow),
    tables,
  };
  return compiled;
}

function compilePart(context: MaskContext, mask: Mask, path: string): { predicate: RowPredicate; tables: Tensors } {
  if ('name' in mask) return compileNamed(context, mask, path);
  const parts = (masks: readonly Mask[], key: string) =>
    masks.map((part, x) => compilePart(context, part, `${path}.${key}[${x}]`).predicate);
  const composed = (predicate: RowPredicate) => ({ predicate, tables: {} });
  const { n } = context.problem;
  if ('and' in mask) return composed(every(parts(mask.and, 'and'), n));
  if ('or' in mask) return composed(some(parts(mask.or, 'or'), n));
  if ('not' in mask) return composed(negation(compilePart(context, mask.not, `${path}.not`).predicate, n));
  return composed(perHead(parts(mask.heads, 'heads'), context.frame));
}
