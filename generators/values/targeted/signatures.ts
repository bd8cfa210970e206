import { hashOf, nameHash } from '../../../spec/hash.js';
import type { Case } from '../../../spec/types/documents.js';
import type { WholeDims } from '../whole-dims.js';
import { BLOCK, scoreOf } from './amplitude.js';
import { type Code, wordOf } from './code-words.js';
import type { Targeting } from './targeting.js';

/**
 * Writes the signatures of blocks into queries or keys whose elements have been drawn, in place. A key has its block's signature with one sign turned;
 * a query that of its target, times the amplitude. The other columns stay as they were drawn, those of queries made smaller.
 */
export function writeSignatures(c: Case, dims: WholeDims, targeting: Targeting, name: string, data: Float64Array): void {
  const columns = signatureColumns(c, dims.d, targeting.code);
  if (name === 'k') writeKeys(c, dims, targeting, columns, data);
  if (name === 'q') writeQueries(c, dims, targeting, columns, data);
  if (name === 'sink') writeSinks(targeting, data);
}

/** Columns of a head that hold a signature, in the order of a word's bits: any of them, the last ones as often as the first. */
export function signatureColumns(c: Case, d: number, { length }: Pick<Code, 'length'>): Int32Array {
  let step = 1 + (hashOf(c.values.seed, 51) % d);
  while (divisor(step, d) > 1) step = 1 + (step % d);
  return Int32Array.from({ length }, (_, bit) => (hashOf(c.values.seed, 52) + bit * step) % d);
}

function divisor(x: number, y: number): number {
  return y === 0 ? x : divisor(y, x % y);
}

/** Signs of a block for a key head of a batch entry. Each has signs of its own: with the keys of a wrong head no query finds its target. */
class Signs {
  private readonly low: number;
  private readonly high: number;

  constructor(
    seed: number,
    private readonly code: Code,
    head: number,
  ) {
    [this.low, this.high] = [hashOf(seed, nameHash('k'), head, 0), hashOf(seed, nameHash('k'), head, 1)];
  }

  write(block: number, signs: Float64Array): void {
    const [low, high] = wordOf(this.code, block);
    const [x, y] = [low ^ this.low, high ^ this.high];
    for (let bit = 0; bit < signs.length; bit++) signs[bit] = ((bit < 32 ? x >>> bit : y >>> (bit - 32)) & 1) === 1 ? -1 : 1;
  }
}

function writeKeys({ values }: Case, { b, hk, n, d }: WholeDims, { code }: Targeting, columns: Int32Array, data: Float64Array): void {
  const signs = new Float64Array(code.length);
  for (let head = 0; head < b * hk; head++) {
    const own = new Signs(values.seed, code, head);
    for (let j = 0; j < n; j++) {
      if (j % BLOCK === 0) own.write(j / BLOCK, signs);
      const at = (head * n + j) * d;
      for (let bit = 0; bit < signs.length; bit++) data[at + columns[bit]] = signs[bit];
      data[at + columns[(j % BLOCK) % signs.length]] *= -1;
    }
  }
}

function writeQueries(c: Case, dims: WholeDims, targeting: Targeting, columns: Int32Array, data: Float64Array): void {
  const { b, heads, m, d } = dims;
  const { code, amplitude, decoys, targets, kinds, free } = targeting;
  const signs = new Float64Array(code.length);
  const others = new Float64Array(code.length);
  for (let head = 0; head < b * heads; head++) {
    const own = new Signs(c.values.seed, code, Math.floor(head / heads) * dims.hk + keyHeadOf(c, dims, head % heads));
    for (let row = head * m; row < (head + 1) * m; row++) {
      const target = Math.max(0, targets[row]);
      const decoy = decoys[kinds[row] - 1];
      own.write(target, signs);
      if (decoy) own.write(target ^ decoy.turned, others);
      const at = row * d;
      for (let x = at; x < at + d; x++) data[x] *= free;
      for (let bit = 0; bit < signs.length; bit++)
        data[at + columns[bit]] = decoy ? decoy.amplitude * (signs[bit] + others[bit]) : amplitude * signs[bit];
    }
  }
}

/** Gives sinks, which were drawn, the weight of some keys of a target: of any other size they would weigh nothing, or all. */
function writeSinks({ code, amplitude, scoring }: Targeting, data: Float64Array): void {
  const target = scoreOf(scoring, amplitude * (code.length - 2)) + Math.log(BLOCK / 2);
  for (let head = 0; head < data.length; head++) data[head] += target;
}

/** Key head of a query head. */
export function keyHeadOf({ dialect }: Pick<Case, 'dialect'>, { hk, heads }: Pick<WholeDims, 'hk' | 'heads'>, h: number): number {
  return dialect?.heads === 'tiled' ? h % hk : Math.floor(h / (heads / hk));
}
