import { amplitudes, BLOCK, LARGEST_SCORE, type Others, type Scoring, weightOfOthers } from './amplitude.js';
import { type Code, weightsOf } from './code-words.js';

/**
 * Kind of decoy: a block with some index bits turned. The query adds both signatures, so that both
 * blocks score the same, and a leak of a hidden block moves the row by half.
 */
export interface Decoy {
  readonly turned: number;
  readonly amplitude: number;
  readonly others: Others;
}

/** Number of lightest words tried: light words keep both blocks far from all other blocks. */
const TRIED = 24;

/** Largest weight of all third blocks, relative to one key of the target. */
const LEAK = 1e-8;

/** Usable decoys, lightest first; empty under a softcap. */
export function decoysFor(code: Code, bits: number, scoring: Scoring): Decoy[] {
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
