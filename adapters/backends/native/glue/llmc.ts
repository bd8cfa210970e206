import { glueAdapter } from './glue.js';

const input = 'const float *';
const output = 'float *';
const sizes = { b: 'int', h: { type: 'int', value: 'hk' }, t: { type: 'int', value: 'n' }, d: 'int' } as const;

/** llm.c's attention on the CPU: causal, scale 1/√d, f32. */
export const llmc = glueAdapter({
  checkout: { variable: 'ATTN_CTS_LLMC', repository: 'https://github.com/karpathy/llm.c', holds: 'train_gpt2.c' },
  source: 'llmc.c',
  flags: (folder) => ['-Ofast', '-march=native', '-fopenmp', '-DOMP', '-Wno-unused-result', `-I${folder}`],
  libraries: ['-lm'],
  manifest: {
    adapter: { id: 'llm.c', title: 'llm.c, attention on the CPU' },
    library: 'llmc.so',
    symbol: 'llmc_forward',
    arguments: { q: input, k: input, v: input, ...sizes, o: output },
    backward: {
      symbol: 'llmc_backward',
      arguments: { q: input, k: input, v: input, do: input, ...sizes, dq: output, dk: output, dv: output },
    },
    codes: { '1': 'out-of-memory' },
    capabilities: {
      dtypes: ['f32'],
      operators: ['softmax'],
      masks: ['causal'],
      denseMask: false,
      options: [],
      outputs: ['o'],
      gradients: ['q', 'k', 'v'],
      layouts: ['blhd'],
      grouped: false,
      // it stores all scores, and its backward pass takes cubic time
      limits: { m: '=n', e: '=d', n: { max: 1024 } },
      deterministic: { forward: true, backward: true },
      // -Ofast may set the processor to flush subnormals
      numeric: { accumulate: 'f32', flushToZero: true },
    },
  },
});
