import fc from 'fast-check';
import type { MaskProblem } from '../../../spec/mask/compile/compiled-mask.js';
import type { Mask, NamedMask } from '../../../spec/types/documents.js';

/** Sizes of problems for masks; some are square, as some masks require. */
export const problems: fc.Arbitrary<MaskProblem> = fc
  .record({
    b: fc.integer({ min: 1, max: 3 }),
    heads: fc.integer({ min: 1, max: 4 }),
    m: fc.integer({ min: 1, max: 40 }),
    n: fc.integer({ min: 1, max: 40 }),
    square: fc.boolean(),
    causal: fc.constantFrom('bottom-right' as const, 'top-left' as const),
    window: fc.constantFrom('inclusive' as const, 'exclusive' as const),
  })
  .map(({ square, ...p }) => (square ? { ...p, m: p.n } : p));

/** Numbers from which the parameters of masks are made, whatever the sizes. */
const numbers = fc.record({
  weights: fc.array(fc.nat(6), { minLength: 1, maxLength: 6 }),
  prefix: fc.integer({ min: 1, max: 45 }),
  left: fc.integer({ min: -1, max: 45 }),
  right: fc.integer({ min: -1, max: 45 }),
  window: fc.nat(45),
  block: fc.integer({ min: 1, max: 12 }),
  seed: fc.nat(255),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  min: fc.integer({ min: 1, max: 8 }),
  over: fc.nat(6),
  side: fc.constantFrom('left', 'right'),
  /** Sizes of one mask, small ones mostly. */
  sizes: fc.array(fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 6 }) }, fc.integer({ min: 1, max: 45 })), {
    minLength: 8,
    maxLength: 8,
  }),
  count: fc.nat(6),
  method: fc.constantFrom('nearest', 'nearest-exact'),
});
type Numbers = typeof numbers extends fc.Arbitrary<infer T> ? T : never;

/** Lengths that add up to n in the proportion of the weights; all but the first are multiples of `step`. */
function lengthsOf(weights: readonly number[], n: number, step: number): number[] {
  const sum = weights.reduce((a, b) => a + b, 0) || 1;
  const lengths = weights.map((w) => Math.floor((w / sum) * (n / step)) * step);
  lengths[0] += n - lengths.reduce((a, b) => a + b, 0);
  return lengths;
}

const unsquare: Record<string, (x: Numbers, p: MaskProblem) => NamedMask> = {
  full: () => ({ name: 'full' }),
  causal: () => ({ name: 'causal' }),
  'sliding-window': ({ left, right }) => ({ name: 'sliding-window', parameters: { left, right } }),
  'global-sliding-window': ({ window }) => ({ name: 'global-sliding-window', parameters: { window } }),
  neighborhood: ({ sizes: [window, stride] }) => ({ name: 'neighborhood', parameters: { window, stride } }),
  'neighborhood-2d': ({ sizes: [width, windowY, windowX, strideY, strideX] }) => ({
    name: 'neighborhood-2d',
    parameters: { width, windowY, windowX, strideY, strideX },
  }),
  'neighborhood-3d': ({ sizes: [width, height, windowZ, windowY, windowX, strideZ, strideY, strideX] }) => ({
    name: 'neighborhood-3d',
    parameters: { width, height, windowZ, windowY, windowX, strideZ, strideY, strideX },
  }),
  'strided-blocks': ({ sizes: [block, local, vertical], count }) => ({
    name: 'strided-blocks',
    parameters: { block, local, vertical, step: count },
  }),
  cells: ({ sizes: [width, cell] }) => ({ name: 'cells', parameters: { width, cell } }),
  'chunk-causal': ({ sizes: [chunk] }) => ({ name: 'chunk-causal', parameters: { chunk } }),
  'sink-tokens': ({ sizes: [recent], count }) => ({ name: 'sink-tokens', parameters: { sinks: count, recent } }),
  'chunk-halo': ({ sizes: [chunk], count }) => ({ name: 'chunk-halo', parameters: { chunk, halo: count } }),
  frames: ({ sizes: [frame], count }) => ({ name: 'frames', parameters: { frame, every: count } }),
  radial: ({ sizes: [frame, least], share, count }) => ({
    name: 'radial',
    parameters: { frame, least, factor: share, sinks: Math.max(0, count - 4) },
  }),
  'grid-subsample': ({ sizes: [width, factor], method }) => ({ name: 'grid-subsample', parameters: { width, factor, method } }),
  padding: ({ weights, side }, { b, n }) => ({
    name: 'padding',
    parameters: { side, lengths: Array.from({ length: b }, (_, x) => Math.min(n, 4 * weights[x % weights.length])) },
  }),
};

const byLengths =
  (name: string) =>
  (x: Numbers, { n }: MaskProblem): NamedMask => ({ name, parameters: { lengths: lengthsOf(x.weights, n, 1) } });

const square: typeof unsquare = {
  document: byLengths('document'),
  'document-causal': byLengths('document-causal'),
  'share-question': byLengths('share-question'),
  'causal-blockwise': byLengths('causal-blockwise'),
  isolation: byLengths('isolation'),
  'prefix-causal': ({ prefix }) => ({ name: 'prefix-causal', parameters: { prefix } }),
  star: ({ block, window }) => ({ name: 'star', parameters: { block, query: window } }),
  'prefix-document': ({ weights, prefix }, { n }) => ({
    name: 'prefix-document',
    parameters: { lengths: lengthsOf(weights, n, 1), prefix },
  }),
  'block-causal-document': ({ weights, block }, { n }) => {
    const step = n % block === 0 ? block : 1;
    return { name: 'block-causal-document', parameters: { lengths: lengthsOf(weights, n, step), block: step } };
  },
  'block-sparse': ({ block, seed, share }) => ({ name: 'block-sparse', parameters: { block, seed, share } }),
  'variable-block-sparse': ({ seed, min, over, share }) => ({
    name: 'variable-block-sparse',
    parameters: { seed, mean: min + over, min, share },
  }),
};

/** Mask of that name, with sizes that suit it. */
export function maskNamed(name: string): fc.Arbitrary<{ mask: NamedMask; problem: MaskProblem }> {
  return fc.tuple(numbers, problems).map(([x, p]) => {
    const problem = name in square ? { ...p, m: p.n } : p;
    return { mask: { ...unsquare, ...square }[name](x, problem), problem };
  });
}

/** Any mask of the library, alone or composed, with sizes that suit it. */
export const masks: fc.Arbitrary<{ mask: Mask; problem: MaskProblem }> = fc
  .record({
    problem: problems,
    parts: fc.array(fc.tuple(fc.nat(1000), numbers), { minLength: 1, maxLength: 4 }),
    shape: fc.constantFrom<(masks: Mask[]) => Mask>(
      (m) => m[0],
      (m) => ({ and: m }),
      (m) => ({ or: m }),
      (m) => ({ not: m[0] }),
      (m) => ({ heads: m }),
      (m) => ({ and: [m[0], { not: { or: m } }] }),
      (m) => ({ or: [{ and: m }, { heads: [...m, { not: m[0] }] }] }),
      (m) => ({ not: { heads: m } }),
    ),
  })
  .map(({ problem, parts, shape }) => {
    const fitting = Object.values(problem.m === problem.n ? { ...unsquare, ...square } : unsquare);
    return { problem, mask: shape(parts.map(([which, x]) => fitting[which % fitting.length](x, problem))) };
  });
