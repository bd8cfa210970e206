import { allDenseShapes } from '../../../spec/claims/dense-shapes.js';
import type { NativeArguments, NativeManifest } from '../../../spec/types/documents.js';

const int64s = 'const int64_t *';
const input = 'const void *';
const output = 'void *';

/** Arguments of both passes, as in include/attention_cts.h. A void pointer points at float or double. */
const problem: NativeArguments = {
  q: input,
  q_strides: int64s,
  k: input,
  k_strides: int64s,
  v: input,
  v_strides: int64s,
  mask: 'const uint8_t *',
  mask_strides: int64s,
  bias: input,
  bias_strides: int64s,
  alibi: input,
  sink: input,
  ...Object.fromEntries(['b', 'hk', 'g', 'm', 'n', 'd', 'e', 'offset', 'left', 'right'].map((name) => [name, 'int32_t'])),
  scale: 'double',
  softcap: 'double',
  cu_q: 'const int32_t *',
  cu_k: 'const int32_t *',
  documents: 'int32_t',
};

/** Manifest of our own C++ kernel, a library that is compiled when it is needed. */
export const builtInManifest: NativeManifest = {
  adapter: { id: 'native', title: 'C++ kernel: tiled online softmax, SIMD, OpenMP' },
  library: 'attention.so',
  symbol: 'attention_forward_{dtype}',
  arguments: { ...problem, o: output, o_strides: int64s, lse: output },
  paged: {
    symbol: 'attention_paged_{dtype}',
    arguments: {
      q: input,
      q_strides: int64s,
      k_new: input,
      k_new_strides: int64s,
      v_new: input,
      v_new_strides: int64s,
      alibi: input,
      sink: input,
      block_table: 'const int32_t *',
      cache_lengths: 'const int32_t *',
      ...Object.fromEntries(['b', 'hk', 'g', 'm', 'd', 'e', 'page', 'max_pages', 'left', 'right'].map((name) => [name, 'int32_t'])),
      scale: 'double',
      softcap: 'double',
      k_pages: output,
      v_pages: output,
      o: output,
      o_strides: int64s,
      lse: output,
    },
  },
  backward: {
    symbol: 'attention_backward_{dtype}',
    arguments: {
      ...problem,
      o: input,
      o_strides: int64s,
      lse: input,
      do: input,
      do_strides: int64s,
      dlse: input,
      dq: output,
      dq_strides: int64s,
      dk: output,
      dk_strides: int64s,
      dv: output,
      dv_strides: int64s,
      dbias: output,
      dbias_strides: int64s,
      dalibi: output,
      dsink: output,
    },
  },
  codes: { '1': 'out-of-memory' },
  capabilities: {
    dtypes: ['f64', 'f32'],
    operators: ['softmax'],
    masks: ['full', 'causal', 'sliding-window'],
    denseMask: 'both',
    denseMaskShapes: allDenseShapes,
    options: ['scale', 'softcap', 'sink', 'alibi', 'bias'],
    outputs: ['o', 'lse'],
    gradients: ['q', 'k', 'v', 'sink', 'bias', 'alibi', 'dlse'],
    layouts: ['bhld', 'blhd', 'thd'],
    pages: { sizes: [16, 4, 1], append: true },
    strided: true,
    blockBackward: true,
    deterministic: { forward: true, backward: true },
    batchInvariant: true,
    numeric: { f64: { accumulate: 'f64', tile: 64 }, f32: { accumulate: 'f32', tile: 64 } },
  },
};
