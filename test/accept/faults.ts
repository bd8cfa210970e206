import { fileURLToPath } from 'node:url';
import type { CheckResult, Result } from '../../spec/types/documents.js';
import { judgeAdapters } from '../judge-adapters.js';
import { faults } from '../kernels/faulty.js';

const kernel = fileURLToPath(new URL('../kernels/faulty.ts', import.meta.url));
const correct = fileURLToPath(new URL('../kernels/flash.ts', import.meta.url));

export interface FaultTally {
  readonly found: number;
  readonly missed: readonly string[];
}

/** A kernel module with each fault, at the default budget: is it found, by which check, with which smallest case? */
export async function plantedFaults(seed: number): Promise<FaultTally> {
  const missed: string[] = [];
  const clean = await judge(correct, seed);
  const alarms = clean.checks.filter((c) => c.verdict !== 'pass' && c.verdict !== 'unsupported');
  console.log(`  without a fault: ${alarms.length === 0 ? 'passes' : `FAILS ${alarms.map((c) => c.id).join(' ')}`}`);
  if (alarms.length > 0) missed.push('a kernel without a fault failed');
  for (const [name, { title }] of Object.entries(faults)) {
    process.env.ATTN_FAULT = name;
    const result = await judge(kernel, seed);
    const failures = result.checks.filter((c) => c.verdict === 'fail');
    if (failures.length === 0) missed.push(name);
    console.log(
      `  ${name} (${title}): ${failures.length === 0 ? 'MISSED' : `${failures.length} checks fail; smallest ${describe(smallest(failures))}`}`,
    );
  }
  return { found: Object.keys(faults).length - missed.length, missed };
}

function judge(adapter: string, seed: number): Promise<Result> {
  return judgeAdapters({ adapters: [adapter], profiles: ['training'], seed, runs: 50 });
}

function cells(c: CheckResult): number {
  const dims = c.failure?.case.dims;
  return dims ? dims.b * dims.hk * dims.g * dims.m * dims.n * (dims.d + dims.e) : Number.POSITIVE_INFINITY;
}

function smallest(failures: readonly CheckResult[]): CheckResult {
  return failures.reduce((best, c) => (cells(c) < cells(best) ? c : best));
}

function describe(c: CheckResult): string {
  const { dims, mask, options, dtype } = c.failure?.case ?? {};
  return `${c.id} [${c.class}] ${JSON.stringify(dims)} ${JSON.stringify(mask)} ${JSON.stringify(options)} ${dtype}`;
}
