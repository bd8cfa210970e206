import { readFileSync } from 'node:fs';
import { reference } from '../../adapters/controls/reference/index.js';
import { clusterDocuments } from '../../spec/clusters/index.js';
import { lengthDocuments } from '../../spec/lengths/index.js';
import { maskDocuments } from '../../spec/masks/index.js';
import { numericsDocuments } from '../../spec/numerics/index.js';
import { operatorDocuments } from '../../spec/operators/index.js';
import { profileDocuments } from '../../spec/profiles/index.js';
import { schemeDocuments } from '../../spec/schemes/index.js';
import type { Capabilities, Case, Failure, Probe } from '../../spec/types/documents.js';
import { version } from '../../suites/lib/version.js';
import { simulated } from '../reports/html/made-up-simulation.js';
import { check, madeUp, minimalCase } from '../reports/made-up.js';
import { madeUpBench } from '../reports/made-up-bench.js';

const readJson = (path: string): unknown => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));

export const capabilities: Capabilities = {
  dtypes: ['f32', 'bf16'],
  operators: ['softmax', 'linear'],
  masks: ['full', 'causal', 'sliding-window', 'document'],
  denseMask: 'boolean',
  options: ['scale', 'softcap', 'sink'],
  outputs: ['o', 'lse'],
  gradients: ['q', 'k', 'v'],
  limits: { b: { max: 2 }, m: { min: 1, max: 64 }, n: { max: 64, multipleOf: 2 }, d: [8, 16], e: '=d' },
  excludes: [{ mask: { name: 'sliding-window' }, gradients: true }],
  numeric: { accumulate: 'f32', tile: 32 },
  deterministic: { forward: true },
  dialect: { causal: 'top-left' },
  source: 'kernel.py:3',
};

const cases: readonly Case[] = [
  minimalCase,
  { ...minimalCase, mask: { and: [{ name: 'causal' }, { not: { name: 'sliding-window', parameters: { left: 1, right: 0 } } }] } },
  {
    ...minimalCase,
    layout: 'thd',
    options: {},
    dims: { ...minimalCase.dims, m: 5, n: 5 },
    mask: { name: 'causal' },
    packed: { q: [2, 0, 3], k: [2, 0, 3] },
  },
  { ...minimalCase, dims: { ...minimalCase.dims, m: 4, n: 4 }, options: {}, mask: { name: 'full' }, split: [1, 0, 3] },
  {
    ...minimalCase,
    dims: { ...minimalCase.dims, m: 8, n: 8 },
    options: {},
    mask: { name: 'causal' },
    dialect: {},
    parallel: { scheme: 'ring', ranks: 2, schedule: 3 },
  },
  { ...minimalCase, views: { q: { order: 'blhd', pad: 2, offset: 1 } } },
];

export const failures: readonly Failure[] = cases.map((c) => ({
  format: 1,
  check: c.parallel ? 'softmax/causal/single-device/f32@ring' : 'softmax/any/oracle/f32',
  adapter: { id: 'mine', title: 'My kernel', version: '1.2.3', builtIn: false, capabilities },
  case: c,
  verdict: 'fail',
  class: 'value',
  message: 'o[0, 0, 0, 0] is off by 3 times the bound',
  hint: 'the diagonal is hidden',
  output: 'o',
  index: [0, 0, 0, 0],
  expected: 1,
  actual: 2,
  bound: 0.5,
  reproduced: 5,
  stderr: 'it printed this',
  suite: version,
  spec: { 'operator softmax': '1.0.0' },
  environment: { node: 'v20' },
}));

const shard = (index: number, places: number[]) => ({
  ...madeUp,
  plan: { ...madeUp.plan, shard: `${index}/2`, checks: madeUp.checks.length, places },
  checks: places.map((place) => madeUp.checks[place]),
});
const [even, odd] = [0, 1].map((rest) => madeUp.checks.flatMap((_, i) => (i % 2 === rest ? [i] : [])));
export const secondShard = shard(2, odd);

const probe: Probe = {
  format: 1,
  suite: version,
  adapter: { id: 'mine', title: 'My kernel', version: null },
  environment: { node: 'v20' },
  dtype: 'f32',
  calls: [minimalCase],
  axes: [
    {
      axis: 'causal',
      status: 'inferred',
      values: ['top-left'],
      declared: 'bottom-right',
      from: 'default',
      evidence: [{ call: 0, output: 'o', index: [0, 0], actual: 1, text: 'o[0, 0] is 1', fits: ['top-left'] }],
    },
    { axis: 'lseBase', status: 'not-asked', values: [], declared: 'e', from: 'default', reason: 'no LSE is claimed', evidence: [] },
  ],
  dialect: { causal: 'top-left' },
};

/** Good documents of each kind, to be spoiled. */
export const seeds: Readonly<Record<string, readonly unknown[]>> = {
  result: [
    madeUp,
    shard(1, even),
    { ...madeUp, adapters: madeUp.adapters.map((a) => (a.capabilities === null ? a : { ...a, capabilities })) },
    { ...madeUp, checks: [check('mine', 'softmax/causal/oracle/f32', { verdict: 'crash', class: 'SIGSEGV', reason: 'died' })] },
  ],
  failure: failures,
  corpus: failures,
  case: cases,
  expectations: [
    (readJson('adapters/expectations.json') as unknown[]).slice(0, 3),
    [
      {
        check: 'softmax/**',
        adapter: 'mi*',
        verdict: 'fail',
        class: 'value',
        when: { dims: { m: 1 } },
        environment: { platform: 'linux' },
        why: 'w',
      },
    ],
  ],
  config: [
    {
      adapters: ['reference'],
      profiles: ['core'],
      seed: 7,
      runs: 3,
      dialect: { causal: 'top-left' },
      reporters: ['json=a.json'],
      out: 'out',
    },
  ],
  capabilities: [capabilities, reference.capabilities],
  nativeManifest: [readJson('suites/init/templates/native/kernel.json')],
  wgslManifest: [readJson('suites/init/templates/wgsl/kernel.json'), readJson('test/adapters/backends/wgsl/kernels/general.json')],
  onnxManifest: [readJson('suites/init/templates/onnx/kernel.onnx.json')],
  operator: operatorDocuments.map((o) => ({ ...o, name: 'mine' })),
  maskSpec: maskDocuments.map((m) => ({ ...m, name: 'mine' })),
  profile: profileDocuments.map((p) => ({ ...p, name: 'mine' })),
  scheme: schemeDocuments.map((s) => ({ ...s, name: 'mine' })),
  lengthDistribution: lengthDocuments.map((l) => ({ ...l, name: 'mine' })),
  numerics: numericsDocuments.map(({ numeric }) => numeric),
  cluster: clusterDocuments.map((c) => ({ ...c, name: 'mine' })),
  costs: [{ format: 1, costs: { 'mine::softmax/causal/oracle/f32': 12, 'mine::softmax/**': 3, '{a,b}::*/**': 1.5 } }],
  bench: [madeUpBench],
  power: [
    {
      mutants: [
        {
          id: 'a',
          class: 'b',
          killed: true,
          equivalent: false,
          check: 'softmax/full/oracle/f32',
          cases: 3,
          seconds: 0.5,
          case: minimalCase,
        },
        { id: 'c', class: 'b', killed: false, equivalent: true, check: null, cases: 50, seconds: 1, case: null },
      ],
    },
  ],
  simulations: [[simulated('ring', 0.5), simulated('ulysses', 'too few heads')]],
  vectors: [
    {
      format: 1,
      suite: version,
      spec: {},
      seed: 0,
      capabilities,
      vectors: [
        { check: 'softmax/full/oracle/f32', case: minimalCase, pass: 'forward', file: 'vectors/0.safetensors', sha256: 'a'.repeat(64) },
      ],
    },
  ],
  journal: madeUp.checks,
  probe: [probe],
  processStart: [{ protocol: 1, adapter: { id: 'a', title: 'A', version: '1' }, environment: { device: 'x' }, capabilities }],
  processReply: [
    { seq: 7, ok: true, nanoseconds: [1, 2], method: 'device', peakBytes: 0, ranks: [{ sent: 1, received: 1, area: 2, nanoseconds: 3 }] },
    { seq: 7, error: { message: 'no', traceback: 'at line 7', kind: 'out-of-memory', fatal: false } },
  ],
};
