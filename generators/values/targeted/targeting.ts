import { hashOf } from '../../../spec/lib/hash.js';
import type { CompiledMask } from '../../../spec/mask/compile/compiled-mask.js';
import { plainOperator } from '../../../spec/operators/plain.js';
import type { Case } from '../../../spec/types/documents.js';
import { scaleOf } from '../scale.js';
import type { WholeDims } from '../whole-dims.js';
import { amplitudeFor, amplitudes, BLOCK, LARGEST_SCORE, type Others, othersOf, type Scoring, weightOfOthers } from './amplitude.js';
import { bitsFor, type Code, codeFor, weightsOf } from './code-words.js';
import { isOfSeveral } from './one-sequence.js';
import { NO_TARGET, targetBlocks } from './target-blocks.js';

/**
 * Kind of decoy: a block with some index bits turned. The query adds both signatures, so that both
 * blocks score the same, and a leak of a hidden block moves the row by half.
 */
interface Decoy {
  readonly turned: number;
  readonly amplitude: number;
  readonly others: Others;
}

/** Number of lightest words tried: light words keep both blocks far from all other blocks. */
const TRIED = 24;

/** Largest weight of all third blocks, relative to one key of the target. */
const LEAK = 1e-8;

/** Usable decoys, lightest first; empty under a softcap. */
function decoysFor(code: Code, bits: number, scoring: Scoring): Decoy[] {
  if (scoring.softcap !== undefined) return [];
  const weights = weightsOf(code, bits);
  const lightest = Array.from(weights.keys())
    .slice(1)
    .sort((x, y) => weights[x] - weights[y] || x - y)
    .slice(0, TRIED);
  const found: Decoy[] = [];
  for (const turned of lightest) {
    const decoy = decoyOf(code, weights, turned, scoring);
    if (decoy) found.push(decoy);
  }
  return found;
}

function decoyOf(code: Code, weights: Uint8Array, turned: number, scoring: Scoring): Decoy | undefined {
  const counts = new Float64Array(2 * code.length + 1);
  for (let x = 1; x < weights.length; x++) if (x !== turned) counts[weights[x] + weights[x ^ turned]]++;
  const thirds = [...counts.entries()].filter(([, count]) => count > 0);
  const target = 2 * (code.length - weights[turned]);
  for (const amplitude of amplitudes()) {
    if (scoring.scale * amplitude * target > LARGEST_SCORE) return undefined;
    // a turned sign meets 2 in the query, or 0
    const others = thirds.map(([both, count]): [number, number] => [BLOCK * count, amplitude * (2 * code.length - 2 * both + 4)]);
    if (weightOfOthers(others, scoring) - scoring.scale * amplitude * (target - 4) <= Math.log(LEAK)) return { turned, amplitude, others };
  }
  return undefined;
}

/** Design of q and k in which each row has one block of keys as its target. */
export interface Targeting {
  readonly code: Code;
  /** Bits of a block's index that decide its word, and the most blocks that share a word. */
  readonly bits: number;
  readonly sharers: number;
  readonly scoring: Scoring;
  readonly amplitude: number;
  readonly others: Others;
  readonly decoys: readonly Decoy[];
  /** Target of each row [b, hk·g, m], and its kind: 0 for plain, else 1 + decoy's index. */
  readonly targets: Int32Array;
  readonly kinds: Uint8Array;
  readonly free: number;
}

/** Largest weight of all other blocks at which a case is still worth judging. */
const LARGEST_LEAK = 1e-3;

/** One of this many queries has a decoy, if its target has one. */
const DECOYED = 8;

/** Bound on the free part of a score, which deviates by a fraction of it. */
const FREE = 4;

/**
 * Code, scoring and amplitude; undefined if the head is too small for a code, scores have other
 * terms, or a softcap levels them.
 */
export function scoringOf(
  c: Case,
  n: number,
): Pick<Targeting, 'code' | 'bits' | 'sharers' | 'scoring' | 'amplitude' | 'others'> | undefined {
  const { operator, options, dims, block, dialect } = c;
  const code = codeFor(dims.d);
  if (!code || operator !== plainOperator.name || options.alibi || options.bias || block || isOfSeveral(c)) return undefined;
  const scale = scaleOf(c);
  const softcap = typeof options.softcap === 'number' ? options.softcap : undefined;
  if (!(scale > 0) || options.scale === 0 || (softcap !== undefined && dialect?.softcap === 'after-mask')) return undefined;
  const scoring: Scoring = { scale, ...(softcap !== undefined && { softcap }) };
  const blocks = Math.ceil(n / BLOCK);
  const bits = bitsFor(code, blocks);
  const sharers = Math.ceil(blocks / 2 ** bits);
  const amplitude = amplitudeFor(code, bits, sharers, scoring);
  if (amplitude === undefined) return undefined;
  const others = othersOf(code, bits, sharers, amplitude);
  const target = { keys: 1, product: amplitude * (code.length - 2) };
  const leak = weightOfOthers(others, scoring) - weightOfOthers([[target.keys, target.product]], scoring);
  return leak <= Math.log(LARGEST_LEAK) ? { code, bits, sharers, scoring, amplitude, others } : undefined;
}

const known = new WeakMap<Case, { readonly targeting: Targeting | undefined }>();

/** Design of a case; undefined if no query can pick a block. */
export function targetingOf(c: Case, dims: WholeDims, mask: CompiledMask): Targeting | undefined {
  if (c.values.distribution !== 'targeted') return undefined;
  let found = known.get(c);
  if (!found) {
    found = { targeting: makeTargeting(c, dims, mask) };
    known.set(c, found);
  }
  return found.targeting;
}

function makeTargeting(c: Case, dims: WholeDims, mask: CompiledMask): Targeting | undefined {
  const scored = scoringOf(c, dims.n);
  if (!scored) return undefined;
  const { code, bits, sharers, scoring } = scored;
  const targets = targetBlocks(mask, c.values.seed);
  const decoys = sharers > 1 ? [] : decoysFor(code, bits, scoring);
  return {
    ...scored,
    decoys,
    targets,
    kinds: decoyKinds(mask, targets, decoys, c.values.seed),
    free: Math.min(1, FREE / (scoring.scale * (dims.d - code.length))),
  };
}

/** Decoys of rows [b, hk·g, m]: for one row in eight, a decoy with its whole block hidden. */
function decoyKinds(mask: CompiledMask, targets: Int32Array, decoys: readonly Decoy[], seed: number): Uint8Array {
  const kinds = new Uint8Array(targets.length);
  if (decoys.length === 0) return kinds;
  const { heads, m, n } = mask;
  const runs = new Int32Array(n + 2);
  for (let row = 0; row < targets.length; row++) {
    const hash = hashOf(seed, row, 11);
    if (hash % DECOYED !== 0 || targets[row] === NO_TARGET) continue;
    const head = Math.floor(row / m);
    const count = mask.runs(Math.floor(head / heads), head % heads, row % m, runs);
    const first = (hash >>> 3) % decoys.length;
    for (let step = 0; step < decoys.length; step++) {
      const at = (first + step) % decoys.length;
      const block = targets[row] ^ decoys[at].turned;
      if (block * BLOCK >= n || isSeen(block, runs, count)) continue;
      kinds[row] = at + 1;
      break;
    }
  }
  return kinds;
}

function isSeen(block: number, runs: Int32Array, count: number): boolean {
  for (let run = 0; run < count; run++) if (runs[2 * run] < (block + 1) * BLOCK && runs[2 * run + 1] > block * BLOCK) return true;
  return false;
}
