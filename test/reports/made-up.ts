import { checkDocument } from '../../spec/lib/documents.js';
import type { AdapterResult, Case, CheckResult, Result } from '../../spec/types/documents.js';

export const minimalCase: Case = {
  operator: 'softmax',
  dims: { b: 1, hk: 1, g: 1, m: 1, n: 2, d: 1, e: 1 },
  mask: { name: 'sliding-window', parameters: { left: 0, right: 0 } },
  options: { scale: 0.5, sink: true },
  dtype: 'f32',
  layout: 'bhld',
  dialect: { causal: 'top-left' },
  values: { distribution: 'normal', seed: 7 },
};

export function check(adapter: string, id: string, more: Partial<CheckResult>): CheckResult {
  return { id, adapter, verdict: 'pass', cases: 50, undecided: 0, coverage: {}, milliseconds: 1500, ...more };
}

function adapter(id: string, more: Partial<AdapterResult> = {}): AdapterResult {
  return {
    id,
    title: id,
    version: '1.2.3',
    environment: { node: 'v20.19.0', device: 'cpu' },
    dialect: { causal: { value: 'bottom-right', from: 'default' } },
    ...more,
  };
}

/** One result with every verdict in it, held to the schema. */
export const madeUp: Result = checkDocument(
  'result',
  {
    format: 1,
    suite: '0.1.0',
    spec: { 'operator softmax': '1.0.0' },
    seed: 0,
    plan: { hash: 'abc', runs: 50, shard: null },
    started: '2026-01-02T03:04:05.000Z',
    adapters: [
      adapter('reference'),
      adapter('mine', { dialect: { causal: { value: 'top-left', from: 'flag' }, lseBase: { value: '2', from: 'declared' } } }),
      adapter('absent', {
        version: null,
        environment: {},
        capabilities: null,
        unavailable: { reason: 'the package absent is not installed', remedy: 'npm install absent' },
      }),
    ],
    checks: [
      check('reference', 'softmax/full/oracle/f32', {}),
      check('reference', 'softmax/causal/oracle/f32', {}),
      check('reference', 'softmax/causal/gradient/f32', {}),
      check('mine', 'softmax/full/oracle/f32', {}),
      check('mine', 'softmax/causal/oracle/f32', {
        verdict: 'fail',
        class: 'value',
        failure: {
          folder: 'failures/mine/softmax_causal_oracle_f32',
          case: minimalCase,
          output: 'o',
          index: [0, 0, 0, 0],
          expected: 0.5,
          actual: 'NaN',
          bound: 1e-7,
          message: 'o is not a number',
          hint: 'a row without keys is divided by zero',
          reproduced: 5,
        },
      }),
      check('mine', 'softmax/sliding-window/oracle/f32', {
        verdict: 'fail',
        expected: true,
        class: 'lse',
        failure: {
          case: minimalCase,
          output: 'lse',
          index: [0, 0, 0],
          expected: 1,
          actual: 1.5,
          bound: 0.25,
          message: 'lse is off',
          reproduced: 2,
        },
      }),
      check('mine', 'softmax/document/oracle/f32', { expected: false }),
      check('mine', 'softmax/any/deterministic/f32', { verdict: 'crash', class: 'SIGSEGV', reason: 'died by signal SIGSEGV' }),
      check('mine', 'softmax/causal/gradient/f32', { verdict: 'unsupported', cases: 0, reason: 'gradients are not claimed' }),
      check('mine', 'softmax/full/gradient/f32', { verdict: 'unsupported', cases: 0, reason: 'gradients are not claimed' }),
      check('mine', 'softmax/document/visibility/f32', { verdict: 'unsupported', cases: 0, reason: 'mask document is not claimed' }),
      check('mine', 'softmax/document-causal/visibility/f32', {
        verdict: 'unsupported',
        cases: 0,
        reason: 'mask document-causal is not claimed',
      }),
      check('mine', 'softmax/any/strided/f32', { verdict: 'unsupported', cases: 0, reason: 'strided is not claimed' }),
      check('mine', 'softmax/any/lse-merge/f32', { verdict: 'error', class: 'vacuous', reason: '3 of 50 cases were decided' }),
      check('mine', 'softmax/any/empty-row/f32', { verdict: 'not-run', cases: 0, reason: 'the time limit was reached' }),
      check('absent', 'softmax/full/oracle/f32', { verdict: 'unavailable', cases: 0, reason: 'the package absent is not installed' }),
    ],
    profiles: [
      { name: 'core@1', adapter: 'reference', pass: 2 },
      { name: 'training@1', adapter: 'reference', pass: 3 },
      { name: 'core@1', adapter: 'mine', pass: 2, fail: 2, crash: 1, unsupported: 1, error: 1, 'not-run': 1 },
      { name: 'core@1', adapter: 'absent', unavailable: 1 },
    ],
    complete: true,
  },
  'made-up result',
);

export const context = { colors: false, out: 'attn-cts-out', sources: { mine: './my kernel.js' } };
