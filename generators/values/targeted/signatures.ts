import { hashOf, nameHash } from '../../../spec/lib/hash.js';
import type { Case } from '../../../spec/types/documents.js';
import type { RowWriter } from '../draw-rows.js';
import type { WholeDims } from '../whole-dims.js';
import { BLOCK, scoreOf } from './amplitude.js';
import { type Code, wordOf } from './code-words.js';
import type { Targeting } from './targeting.js';

/**
 * Writer of block signatures into drawn rows of q or k; undefined for other inputs. A key has its
 * block's signature with one sign turned; a query has its target's, times the amplitude.
 */
export function signatureWriter(c: Case, dims: WholeDims, targeting: Targeting, name: string): RowWriter | undefined {
  if (name === 'k') return keyWriter(c, dims, targeting);
  return name === 'q' ? queryWriter(c, dims, targeting) : undefined;
}

/** Columns of a head that hold a signature, in the order of a word's bits, over the whole head. */
export function signatureColumns(c: Case, d: number, { length }: Pick<Code, 'length'>): Int32Array {
  let step = 1 + (hashOf(c.values.seed, 51) % d);
  while (divisor(step, d) > 1) step = 1 + (step % d);
  return Int32Array.from({ length }, (_, bit) => (hashOf(c.values.seed, 52) + bit * step) % d);
}

function divisor(x: number, y: number): number {
  return y === 0 ? x : divisor(y, x % y);
}

/** Signs of a block for a key head. Heads differ: in a wrong head no query finds its target. */
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

function keyWriter(c: Case, { n, d }: WholeDims, { code }: Targeting): RowWriter {
  const columns = signatureColumns(c, d, code);
  const signs = new Float64Array(code.length);
  const heads = signsOfHeads(c, code);
  return (first, count, out, to) => {
    for (let r = 0; r < count; r++) {
      const j = (first + r) % n;
      if (r === 0 || j % BLOCK === 0) heads(Math.floor((first + r) / n)).write(Math.floor(j / BLOCK), signs);
      const at = to + r * d;
      for (let bit = 0; bit < signs.length; bit++) out[at + columns[bit]] = signs[bit];
      out[at + columns[(j % BLOCK) % signs.length]] *= -1;
    }
  };
}

function queryWriter(c: Case, dims: WholeDims, { code, amplitude, decoys, targets, kinds, free }: Targeting): RowWriter {
  const { heads, hk, m, d } = dims;
  const columns = signatureColumns(c, d, code);
  const signs = new Float64Array(code.length);
  const others = new Float64Array(code.length);
  const signsOf = signsOfHeads(c, code);
  return (first, count, out, to) => {
    for (let row = first; row < first + count; row++) {
      const head = Math.floor(row / m);
      const own = signsOf(Math.floor(head / heads) * hk + keyHeadOf(c, dims, head % heads));
      const target = Math.max(0, targets[row]);
      const decoy = decoys[kinds[row] - 1];
      own.write(target, signs);
      if (decoy) own.write(target ^ decoy.turned, others);
      const at = to + (row - first) * d;
      for (let x = at; x < at + d; x++) out[x] *= free;
      for (let bit = 0; bit < signs.length; bit++)
        out[at + columns[bit]] = decoy ? decoy.amplitude * (signs[bit] + others[bit]) : amplitude * signs[bit];
    }
  };
}

function signsOfHeads({ values: { seed } }: Case, code: Code): (head: number) => Signs {
  let last: { readonly head: number; readonly signs: Signs } | undefined;
  return (head) => {
    if (last?.head !== head) last = { head, signs: new Signs(seed, code, head) };
    return last.signs;
  };
}

/** Raises drawn sinks to the weight of half a target, so that sink and target both have weight. */
export function writeSinks({ code, amplitude, scoring }: Targeting, data: Float64Array): void {
  const target = scoreOf(scoring, amplitude * (code.length - 2)) + Math.log(BLOCK / 2);
  for (let head = 0; head < data.length; head++) data[head] += target;
}

export function keyHeadOf({ dialect }: Pick<Case, 'dialect'>, { hk, heads }: Pick<WholeDims, 'hk' | 'heads'>, h: number): number {
  return dialect?.heads === 'tiled' ? h % hk : Math.floor(h / (heads / hk));
}
