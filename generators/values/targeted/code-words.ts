import { memoised } from '../../../spec/lib/memoised.js';

/** Bits of a word: the lower 32, and the higher. */
export type Word = readonly [low: number, high: number];

/** Linear code with words that tell blocks of keys apart, as signs. */
export interface Code {
  readonly length: number;
  /** Basis of the code. Words of an index's lower bits alone lie farther apart. */
  readonly generators: readonly Word[];
}

/**
 * Least head size and extended code: BCH [64, 16, 24], quadratic residue [48, 24, 12],
 * Golay [24, 12, 8].
 */
const codes: readonly (readonly [least: number, code: Code])[] = [
  [
    80,
    code(
      64,
      '8153225b1d0d73df 82a644b63a1ae7be 854c896c7435cf7c 8a9912d8e86b9ef8 953225b1d0d73df0 aa644b63a1ae7be0 d4c896c7435cf7c0 802759262d5d506d',
      '804eb24c5abaa0da 809d6498b57541b4 8000cd930bdd3b2b 80019b2617ba7656 8003364c2f74ecac 80066c985ee9d958 800cd930bdd3b2b0 8019b2617ba76560',
    ),
  ],
  [
    56,
    code(
      48,
      'f85e04656b53 3563d9b3bde4 dc9ad9ab3c97 ad1e9280fbca 4cb7746f8cf5 5ad7cd483efc a48b6c32fef7 60cce0432601 4314c51213a0 bb862d3fec2e',
      '8b7e5986f7e2 0d078f4627eb d9e75444e256 84351b2753de 886a364ea7bc 90d46c9d4f78 a1a8d93a9ef0 c351b2753de0 86a364ea7bc1 8d46c9d4f782',
      'b51b2753de08 ea364ea7bc10 a8d93a9ef043 a364ea7bc10d',
    ),
  ],
  [28, code(24, '10f55e 61db64 6650fa b99686 4bed09 85335e 8a66bc 94cd78 a99af0 d335e0 a66bc1 99af05')],
];

function code(length: number, ...lines: readonly string[]): Code {
  const half = (digits: string) => Number.parseInt(digits || '0', 16);
  const generators = lines.flatMap((line) => line.split(' ')).map((word): Word => [half(word.slice(-8)), half(word.slice(0, -8))]);
  return { length, generators };
}

/** Code for a head size; undefined if the head has too few columns for a code and free values. */
export function codeFor(d: number): Code | undefined {
  return codes.find(([least]) => d >= least)?.[1];
}

/** Word of a block. Blocks share a word if the used bits of their indices agree. */
export function wordOf({ generators }: Code, block: number): Word {
  let low = 0;
  let high = 0;
  for (let bit = 0, rest = block; rest > 0 && bit < generators.length; bit++, rest = Math.floor(rest / 2)) {
    if (rest % 2 === 0) continue;
    low ^= generators[bit][0];
    high ^= generators[bit][1];
  }
  return [low >>> 0, high >>> 0];
}

export function weightOf([low, high]: Word): number {
  return ones(low) + ones(high);
}

function ones(x: number): number {
  let y = x - ((x >>> 1) & 0x55555555);
  y = (y & 0x33333333) + ((y >>> 2) & 0x33333333);
  return Math.imul((y + (y >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Bits of an index that tell this many blocks apart, at most the number of generators. */
export function bitsFor({ generators }: Code, blocks: number): number {
  return Math.min(generators.length, Math.ceil(Math.log2(Math.max(1, blocks))));
}

/** Weights of the words of all indices of this many bits, which are the distances from any word. */
export function weightsOf(code: Code, bits: number): Uint8Array {
  const all = knownWeights(code);
  const known = all.get(bits);
  if (known) return known;
  const weights = new Uint8Array(2 ** bits);
  let [low, high] = [0, 0];
  // in Gray code, each index differs from the one before it by one generator
  for (let x = 1, index = 0; x < weights.length; x++) {
    const bit = 31 - Math.clz32(x & -x);
    index ^= 1 << bit;
    low ^= code.generators[bit][0];
    high ^= code.generators[bit][1];
    weights[index] = ones(low) + ones(high);
  }
  all.set(bits, weights);
  return weights;
}

const knownWeights = memoised((_: Code) => new Map<number, Uint8Array>());

/** Counts of words by weight, of all indices of this many bits. Memoised. */
export function weightCounts(code: Code, bits: number): Float64Array {
  const all = knownCounts(code);
  const known = all.get(bits);
  if (known) return known;
  const counts = new Float64Array(code.length + 1);
  for (const weight of weightsOf(code, bits)) counts[weight]++;
  all.set(bits, counts);
  return counts;
}

const knownCounts = memoised((_: Code) => new Map<number, Float64Array>());
