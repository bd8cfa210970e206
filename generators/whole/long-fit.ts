import type { FullCapabilities } from '../../spec/claims/capabilities.js';
import { DocumentError } from '../../spec/lib/document-error.js';
import { countText } from '../../spec/lib/units.js';
import type { CompiledMask } from '../../spec/mask/compile/compiled-mask.js';
import { runTotal } from '../../spec/mask/compile/run-list.js';
import { resolveNumeric } from '../../spec/numeric/profile.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Case, Speed } from '../../spec/types/documents.js';
import { allowedBy, anySize, atLeast, atMost, isAllowed } from '../lib/limits.js';
import type { DrawRequest } from '../lib/needs.js';
import { Undrawable } from '../lib/undrawable.js';
import { longInputs } from '../values/long-inputs.js';
import { BLOCK } from '../values/targeted/amplitude.js';
import { masksOf } from './mask-form.js';

/** Most multiply-adds of the implementation in a case's calls: some seconds. */
const work: Readonly<Record<Speed, number>> = { slow: 6e8, medium: 4e9, fast: 1e11 };

/** Most multiply-adds of the oracle in a case's calls: some seconds. */
const JUDGED = 5e9;

const BACKWARD = 3;

/** Most elements of inputs and outputs: kernels, hosts and judges hold them all. */
const ELEMENTS = 2 ** 26;

/** Cost of reading that a cell is hidden, in multiply-adds. */
const READ = 1 / 4;

/** Factor on the limit if the user asked for a length. */
const ASKED = 4;

/** Rows sampled to estimate the visible share of a mask. */
const ROWS = 32;

/**
 * Tells whether a case with targets is affordable. Hidden cells are free if the limits name long
 * lengths, except under a scheme that the implementation does not run itself: its kernel reads a
 * mask tensor per block. A requested length or scheme lifts the limits on memory and the oracle's
 * time.
 * @throws {Undrawable} if sums are too coarse to tell keys apart; the returned function throws it
 * for a requested mask with rows that are found only by trying every key.
 */
export function longFit(library: SpecLibrary, capabilities: FullCapabilities, request: DrawRequest): (c: Case) => boolean {
  const numeric = resolveNumeric(request.dtype, capabilities.numeric);
  const { accumulate } = numeric;
  if (accumulate !== 'f32' && accumulate !== 'f64') throw new Undrawable(`sums in ${accumulate} leave the result of a long row undecided`);
  if (request.tokens !== undefined) checkLength(capabilities, request.tokens);
  for (const distribution of request.needs.distributions ?? []) longInputs[distribution]?.check(numeric);
  const meant = Math.min(...['m', 'n'].map((axis) => longest(capabilities, axis)));
  const passes = capabilities.gradients.length > 0 ? 1 + BACKWARD : 1;
  const calls = request.needs.calls ?? 1;
  const limit = work[request.speed ?? capabilities.speed] / passes / calls;
  // ranks share one machine, and get no more than one device would
  const asked = request.scheme === undefined ? ASKED * limit : Math.min(ASKED * limit, work.fast / (1 + BACKWARD));
  const isAsked = request.tokens !== undefined || request.scheme !== undefined;
  const isInBlocks = request.scheme !== undefined && !capabilities.schemes?.[request.scheme];
  const fits = (c: Case): boolean => {
    const { b, hk, g, m, n, d, e } = c.dims;
    const heads = b * hk * g;
    const read = isInBlocks ? heads * m * n * READ : 0;
    const most = isAsked ? asked : limit;
    if (read > most) return false;
    const mask = maskOf(library, c);
    // a table of more blocks than a mask may have
    if (!mask) return false;
    if (mask.scans?.() !== false) {
      if (request.mask !== 'any') throw new Undrawable('the visible keys of a row of this mask are found only by trying every key');
      // another mask is drawn
      return false;
    }
    const cells = Math.max(m, n) <= meant ? visibleCells(mask) : m * n;
    if (heads * cells * (d + e) + read > most) return false;
    if (isAsked) return true;
    const elements = heads * m * (d + e) + b * hk * n * (d + e);
    return heads * m * Math.min(n, BLOCK) * (d + e) * passes <= JUDGED / calls && elements <= ELEMENTS / calls;
  };
  const known = new Map<string, boolean>();
  return (c) => {
    const key = JSON.stringify([c.dims, c.mask, c.packed]);
    const found = known.get(key) ?? fits(c);
    known.set(key, found);
    return found;
  };
}

/** Checks a requested length. @throws {Undrawable} with the nearest allowed length. */
function checkLength({ limits }: FullCapabilities, tokens: number): void {
  const allowed = allowedBy(limits.n);
  if (isAllowed(allowed, tokens)) return;
  const largest = atMost(allowed, tokens) ?? atLeast(allowed, tokens);
  const nearest = largest === undefined ? 'none' : countText(largest);
  throw new Undrawable(`${countText(tokens)} keys are outside the limits; the nearest length within them: ${nearest}`);
}

/** Mask of a case; undefined if its table would have more blocks than a mask may have. */
function maskOf(library: SpecLibrary, c: Case): CompiledMask | undefined {
  try {
    return masksOf(library, c).own;
  } catch (error) {
    if (error instanceof DocumentError) return undefined;
    throw error;
  }
}

/** Longest size that the limits name; 0 if they name none. */
function longest({ limits }: FullCapabilities, axis: string): number {
  const { max, list } = allowedBy(limits[axis]);
  const most = list?.at(-1) ?? max;
  return most === anySize.max ? (typeof limits[axis] === 'string' ? Infinity : 0) : most;
}

function visibleCells(mask: CompiledMask): number {
  const { m, n } = mask;
  const runs = new Int32Array(n + 2);
  const rows = Math.min(m, ROWS);
  let cells = 0;
  for (let x = 0; x < rows; x++) cells += runTotal(runs, mask.runs(0, 0, Math.floor(((2 * x + 1) * m) / (2 * rows)), runs));
  return (cells / rows) * m;
}
