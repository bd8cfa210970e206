import type { Case, Tensor } from '../../../adapters/adapter.js';
import type { Call } from '../../../adapters/kernel.js';
import { tensorsOf } from '../../../dist/generators/tensors.js';
import { resolveCapabilities } from '../../../dist/spec/claims/capabilities.js';
import { Claims } from '../../../dist/spec/claims/claims.js';
import { createLibrary } from '../../../dist/spec/library.js';
import { adapterOf, correct, type Fault, floats, forward } from './faulty.js';
import { exact, lowPrecision } from './references.js';
import { type Draw, rules } from './rules.js';

const library = createLibrary();

const HEAD_SIZE = 64;
const DRAWS = Math.max(...rules.map((rule) => rule.draws));

/** By the names of the rules: the kernels, by title, that a rule rejects. */
export type Rejections = ReadonlyMap<string, ReadonlySet<string>>;

/** Judges kernels with n keys by the rules of others, on normal data, as they draw it, but from seeds that are fixed. */
export function judgeByRules(n: number, kernels: readonly Fault[]): Rejections {
  const rejected = new Map(rules.map((rule) => [rule.name, new Set<string>()]));
  for (let seed = 0; seed < DRAWS; seed++) {
    const call = callOf(n, seed);
    const references = { exact: exact(call), lowPrecision: lowPrecision(call).o };
    for (const kernel of kernels) {
      const { o, lse } = forward(call, kernel);
      const draw: Draw = { ...references, o: floats(o), lse: lse.data as Tensor['data'] & ArrayLike<number> };
      for (const rule of rules) if (seed < rule.draws && !rule.passes(draw)) rejected.get(rule.name)?.add(kernel.title);
    }
  }
  return rejected;
}

/** Four causal queries of each of four heads, over one key head: 16 rows, 1,024 elements. */
function callOf(n: number, seed: number): Call {
  const capabilities = resolveCapabilities(adapterOf(correct, n, HEAD_SIZE).capabilities, 'the kernel');
  const c: Case = {
    operator: 'softmax',
    dims: { b: 1, hk: 1, g: 4, m: 4, n, d: HEAD_SIZE, e: HEAD_SIZE },
    mask: { name: 'causal' },
    options: {},
    dtype: 'bf16',
    layout: 'bhld',
    values: { distribution: 'normal', seed },
  };
  return { case: c, tensors: tensorsOf(Claims.of(library, capabilities), c, 'forward') };
}
