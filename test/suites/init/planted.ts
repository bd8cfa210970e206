import type { InitKindName } from '../../../suites/init/kinds.js';

/** Fault in what init writes, as kernels of others have it. */
export interface PlantedFault {
  readonly kind: InitKindName;
  readonly name: string;
  readonly file: string;
  /** Texts of the file and what replaces them. Of the model: the operator of a node, and the constant or input by which its output is multiplied. */
  readonly edits: readonly (readonly [text: string, by: string])[];
  /** What the first block of the first screen says. */
  readonly says: string;
  /** Checks that are asked, if not `softmax/full/oracle/f32`. */
  readonly filter?: string;
}

/** Two faults of each kind of kernel. */
export const plantedFaults: readonly PlantedFault[] = [
  {
    kind: 'python',
    name: 'the scale is 1/d',
    file: 'kernel.py',
    edits: [['q.shape[3] ** -0.5', 'q.shape[3] ** -1.0']],
    says: 'the default scale applied twice',
  },
  {
    kind: 'python',
    name: 'heads are interleaved',
    file: 'kernel.py',
    edits: [['np.repeat(k, group, axis=1), np.repeat(v, group, axis=1)', 'np.tile(k, (1, group, 1, 1)), np.tile(v, (1, group, 1, 1))']],
    says: 'the dialect heads=tiled',
    filter: 'softmax+grouped/any/oracle/f32',
  },
  {
    kind: 'paged',
    name: 'the last page is read to its end',
    file: 'kernel.py',
    edits: [
      ['.reshape(-1, key_heads, d)[:length]', '.reshape(-1, key_heads, d)'],
      ['v_cache.shape[3])[:length]', 'v_cache.shape[3])'],
    ],
    says: 'a slot without a token has weight',
    filter: 'softmax/any/cache-history/f32',
  },
  {
    kind: 'paged',
    name: 'heads are interleaved',
    file: 'kernel.py',
    edits: [
      ['reshape(key_heads, heads // key_heads, d)', 'reshape(heads // key_heads, key_heads, d).swapaxes(0, 1)'],
      ['weights, v) / total)', 'weights, v) / total).swapaxes(0, 1)'],
      ['(largest + np.log(total))', '(largest + np.log(total)).swapaxes(0, 1)'],
    ],
    says: 'the dialect heads=tiled',
    filter: 'softmax/any/cache-history/f32',
  },
  {
    kind: 'process',
    name: 'a causal mask is aligned at the first key',
    file: 'kernel.py',
    edits: [['np.arange(m)[:, None] + n - m', 'np.arange(m)[:, None]']],
    says: '--dialect causal=top-left',
    filter: 'softmax/any/dialect/f32',
  },
  {
    kind: 'process',
    name: 'no maximum is subtracted',
    file: 'kernel.py',
    edits: [['weights = np.exp(scores - top)', 'top = np.zeros_like(top)\n    weights = np.exp(scores)']],
    says: 'no maximum is subtracted from the scores',
  },
  {
    kind: 'wgsl',
    name: 'a causal mask hides its diagonal',
    file: 'kernel.wgsl',
    edits: [['i32(j) <= i32(i) + p.offset + p.right', 'i32(j) < i32(i) + p.offset + p.right']],
    says: 'without its diagonal',
    filter: 'softmax/causal/oracle/f32',
  },
  {
    kind: 'wgsl',
    name: 'keys after the last whole tile are lost',
    file: 'kernel.wgsl',
    edits: [['j < p.n; j++', 'j < p.n / 4u * 4u; j++']],
    says: 'keys after the last whole tile of 4 are skipped',
  },
  {
    kind: 'native',
    name: 'scores are multiplied by log2 e before exp',
    file: 'kernel.cpp',
    edits: [['std::exp(weights[j] - largest)', 'std::exp((weights[j] - largest) * 1.44269504f)']],
    says: 'scores multiplied by log2 e, but exponentials to base e, in o alone',
  },
  {
    kind: 'native',
    name: 'padding up to a multiple of 8 keys is counted',
    file: 'kernel.cpp',
    edits: [
      [
        'float sum = 0;',
        'float sum = 0;\n    for (int64_t j = n; !causal && !mask && j < (n + 7) / 8 * 8; j++) sum += std::exp(-largest);',
      ],
    ],
    says: 'sums that count the rest of the last tile of 8 keys with score 0',
  },
  {
    kind: 'onnx',
    name: 'the scale is applied twice',
    file: 'kernel.onnx',
    edits: [['Mul', 'scale']],
    says: 'the scale applied twice',
  },
  {
    kind: 'onnx',
    name: 'the LSE is in base 2',
    file: 'kernel.onnx',
    edits: [['ReduceLogSumExp', 'log2e']],
    says: 'the dialect lseBase=2',
  },
  {
    kind: 'module',
    name: 'a softcap comes before the scale',
    file: 'kernel.mjs',
    edits: [
      ["options: ['scale']", "options: ['scale', 'softcap']"],
      ['score *= scale;', 'score = scale * (options.softcap ? options.softcap * Math.tanh(score / options.softcap) : score);'],
    ],
    says: 'a softcap before the scale',
    filter: 'softmax+softcap/any/oracle/f32',
  },
  {
    kind: 'module',
    name: 'V is read with its rows for columns',
    file: 'kernel.mjs',
    edits: [['v.data[(keys + j) * e + c]', 'v.data[keys * e + c * n + j]']],
    says: 'a kernel that reads v with its sequence and feature axes swapped',
  },
];
