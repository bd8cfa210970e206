import { loadAdapter } from '../../dist/adapters/load.js';
import { problemOf } from '../../dist/generators/problem.js';
import { tensorsOf } from '../../dist/generators/tensors.js';
import { resolveCapabilities } from '../../dist/spec/claims/capabilities.js';
import { Claims } from '../../dist/spec/claims/claims.js';
import { createLibrary } from '../../dist/spec/library.js';
import { expectationOf } from '../../dist/spec/oracle/oracle.js';
import { oracle } from '../../dist/suites/properties/kernel/oracle.js';
import { judgeCase } from '../../dist/suites/properties/lib/judge-case.js';
import { GuardedInputs } from '../../dist/suites/runner/host/guarded-inputs.js';
import { TensorPacker, unpack } from '../../dist/suites/runner/host/wire.js';
import type { Case } from '../../spec/types/documents.js';

const c: Case = {
  operator: 'softmax',
  dims: { b: 1, hk: 8, g: 1, m: 1024, n: 1024, d: 64, e: 64 },
  mask: { name: 'causal' },
  options: {},
  dtype: 'f32',
  layout: 'bhld',
  values: { distribution: 'normal', seed: 1 },
};

/** Prints the share of a check's time at N = 1024 that is spent neither in the kernel nor in the oracle. The target is under a quarter. */
export async function benchShare(id: string): Promise<void> {
  const library = createLibrary();
  const adapter = await loadAdapter(id);
  const capabilities = resolveCapabilities(adapter.capabilities, id);
  const kernel = await adapter.open();
  const guard = new GuardedInputs();
  const packer = new TensorPacker();
  const own = { ...c, ...(capabilities.dialect.causal === 'top-left' && { dialect: { causal: 'top-left' as const } }) };
  const times = { kernel: 0, oracle: 0, suite: 0 };
  const timed = async <T>(whose: keyof typeof times, work: () => T | Promise<T>): Promise<T> => {
    const begun = performance.now();
    const result = await work();
    times[whose] += performance.now() - begun;
    return result;
  };
  for (let i = 0; i < 4; i++) {
    // the first is a warm-up
    if (i === 1) Object.assign(times, { kernel: 0, oracle: 0, suite: 0 });
    const tensors = await timed('suite', () => guard.place(tensorsOf(Claims.of(library, capabilities), own), 'nan'));
    const outputs = await timed('kernel', () => kernel.forward({ case: own, tensors }));
    const returned = await timed('suite', () => {
      const intrusion = guard.intrusion();
      if (intrusion) throw new Error(intrusion.message);
      const records = Object.fromEntries(Object.entries(outputs).map(([name, t]) => [name, packer.add(t)]));
      return unpack(records, new Uint8Array(packer.take()).buffer);
    });
    const problem = await timed('suite', () => problemOf(Claims.of(library, capabilities), own));
    const expectation = await timed('oracle', () => expectationOf(problem, false));
    const judge = { claims: Claims.of(library, capabilities), problemOf: () => problem, expectationOf: () => expectation };
    const { judgement } = await timed('suite', () => judgeCase(oracle, judge, own, [returned]));
    if (judgement.status !== 'pass') throw new Error(`${id}: ${judgement.status}`);
  }
  await kernel[Symbol.asyncDispose]();
  const total = times.kernel + times.oracle + times.suite;
  const of = (x: number) => `${Math.round(x / 3)} ms`;
  console.log(
    `${id} at N = 1024 (H 8, D 64, causal): kernel ${of(times.kernel)}, oracle ${of(times.oracle)}, the suite's own ${of(times.suite)}: ${((100 * times.suite) / total).toFixed(1)} %`,
  );
}
