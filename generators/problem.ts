import type { FullCapabilities } from '../adapters/capabilities.js';
import { fullDialect } from '../spec/dialect.js';
import type { SpecLibrary } from '../spec/library.js';
import type { CompiledMask } from '../spec/mask/compiled-mask.js';
import { type NumericProfile, resolveNumeric } from '../spec/numeric/profile.js';
import type { Problem, Values } from '../spec/oracle/problem.js';
import { givenOf } from '../spec/scheme/given.js';
import { valueIn, worldOf } from '../spec/scheme/world.js';
import type { Case, Operator } from '../spec/types/documents.js';
import { hasHistory, historyInputs } from './history/inputs.js';
import { biasShape, masksOf } from './mask-form.js';
import { decoded, drawInputs, wholeDims } from './values/inputs.js';
import { sampledRows } from './values/sampled-rows.js';

/** What the oracle is asked for a case: the same inputs as the kernel gets, in float64, layout bhld. `gradients` adds do and dlse. */
export function problemOf(library: SpecLibrary, c: Case, capabilities: FullCapabilities, gradients = false): Problem {
  const { whole, own } = masksOf(library, c);
  const backward = gradients ? { dlse: capabilities.gradients.includes('dlse') } : undefined;
  const stored = hasHistory(c)
    ? historyInputs(library, c, biasShape(c, capabilities))
    : drawInputs(library, c, whole, biasShape(c, capabilities), backward);
  const inputs: Record<string, Values> = {};
  for (const [name, input] of Object.entries(stored)) inputs[name] = { shape: input.shape, data: decoded(input) };
  const rows = judgedRows(c, whole);
  return {
    case: c,
    ...(rows && { rows }),
    operator: library.operators.get(c.operator) as Operator,
    inputs,
    mask: own,
    dialect: fullDialect(c.dialect),
    numeric: numericOf(library, c, capabilities),
  };
}

/** Rows of the case that are judged; of a block, those of the whole that it has. */
function judgedRows(c: Case, whole: CompiledMask): Uint8Array | undefined {
  const rows = sampledRows(c, wholeDims(c), whole);
  if (!rows || !c.block) return rows;
  const [start, end] = c.block.queries;
  const size = whole.m;
  return Uint8Array.from({ length: (rows.length / size) * (end - start) }, (_, at) => {
    const head = Math.floor(at / (end - start));
    return rows[head * size + start + (at % (end - start))];
  });
}

/** Results over parts of the keys are merged: as many as the scheme's document says, else on several ranks two for every rank. */
function numericOf(library: SpecLibrary, c: Case, capabilities: FullCapabilities): NumericProfile {
  const numeric = resolveNumeric(c.dtype, capabilities.numeric);
  if (!c.parallel) return numeric;
  const { scheme: name, ranks } = c.parallel;
  const scheme = library.schemes.get(name);
  if (scheme?.parts === undefined) return ranks > 1 ? { ...numeric, parts: 2 * ranks } : numeric;
  const world = worldOf(scheme, c.dims, ranks, false, givenOf(library, c));
  return { ...numeric, parts: valueIn(world, scheme.parts), copies: valueIn(world, scheme.copies ?? 1) };
}
