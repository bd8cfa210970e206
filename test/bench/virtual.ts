import { simulateVirtual, type VirtualMachine } from '../../dist/adapters/parallel/job/simulation.js';
import { createLibrary } from '../../dist/spec/library.js';
import type { Case } from '../../spec/types/documents.js';

const RANKS = 1024;
const TOKENS = 2 ** 20;

/** A causal ring of a million tokens on a thousand virtual ranks, forward, with shapes alone. */
export async function benchVirtual(): Promise<void> {
  const [inside, between] = [
    { alpha: 2e-6, beta: 1 / 200e9, name: 'inside a node' },
    { alpha: 5e-6, beta: 1 / 50e9, name: 'between nodes' },
  ];
  const machine: VirtualMachine = {
    link: (from, to) => (from >> 3 === to >> 3 ? inside : between),
    seconds: (flops) => flops / 500e12,
    blockSeconds: 5e-6,
  };
  const c: Case = {
    operator: 'softmax',
    dims: { b: 1, hk: 8, g: 4, m: TOKENS, n: TOKENS, d: 128, e: 128 },
    mask: { name: 'causal' },
    options: {},
    dtype: 'bf16',
    layout: 'bhld',
    values: { distribution: 'normal', seed: 0 },
    parallel: { scheme: 'ring', ranks: RANKS },
  };
  const before = process.cpuUsage();
  const begun = performance.now();
  const { messages } = await simulateVirtual(createLibrary(), { case: c, backward: false, machine });
  const seconds = (performance.now() - begun) / 1000;
  const busy = process.cpuUsage(before).user / 1e6;
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(
    `a ring on ${RANKS} virtual ranks (target 3 s, 500 MB): ${seconds.toFixed(1)} s, ${busy.toFixed(1)} s of user time, ` +
      `${messages} messages, ${megabytes} MB at most`,
  );
}
