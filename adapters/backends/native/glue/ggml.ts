import { glueAdapter } from './glue.js';

const build = 'build/src';

/** ggml_flash_attn_ext on ggml's CPU backend, with keys and values in f32 or f16. */
export const ggml = glueAdapter({
  checkout: {
    variable: 'ATTN_CTS_GGML',
    repository: 'https://github.com/ggml-org/ggml',
    holds: `${build}/libggml-cpu.so`,
    prepare: 'cmake -B build && cmake --build build',
  },
  source: 'ggml.cpp',
  flags: (folder) => ['-std=c++17', '-O2', `-I${folder}/include`, `-L${folder}/${build}`, `-Wl,-rpath,${folder}/${build}`],
  libraries: ['-lggml-cpu', '-lggml-base'],
  manifest: {
    adapter: { id: 'ggml', title: 'ggml_flash_attn_ext on the CPU' },
    library: 'ggml.so',
    symbol: 'ggml_attention_{dtype}',
    arguments: {
      q: 'const void *',
      k: 'const void *',
      v: 'const void *',
      mask: 'const uint8_t *',
      mask_shape: 'const int32_t *',
      sink: 'const void *',
      ...Object.fromEntries(['b', 'hk', 'g', 'm', 'n', 'd', 'e'].map((name) => [name, 'int'])),
      scale: 'float',
      softcap: 'float',
      o: 'float *',
    },
    codes: { '1': 'out-of-memory', '2': 'the graph was not computed' },
    capabilities: {
      dtypes: ['f32', 'f16'],
      operators: ['softmax'],
      masks: ['full'],
      // ggml's mask is f16, which would round an additive bias in f32
      denseMask: 'boolean',
      denseMaskShapes: ['b h m n', '1 h m n', 'b 1 m n', '1 1 m n'],
      options: ['scale', 'softcap', 'sink'],
      outputs: ['o'],
      layouts: ['blhd'],
      deterministic: { forward: true },
      dialect: { maskedNaN: 'leaks' },
      numeric: {
        f32: { accumulate: 'f32', tile: 64, divides: 'last' },
        // weights and weighted values are f16 from the second key on
        f16: { accumulate: 'f16', divides: 'last' },
      },
    },
  },
});
