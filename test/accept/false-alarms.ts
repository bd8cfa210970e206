import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Result } from '../../spec/types/documents.js';
import { judgeAdapters } from '../judge-adapters.js';
import { numpyFlash } from '../kernels/numpy-flash.js';
import { numpyRing, ringDocument } from '../kernels/numpy-ring.js';
import { undecidedTable } from './undecided-table.js';

const kernel = (name: string) => fileURLToPath(new URL(`../kernels/${name}`, import.meta.url));
/** Operators that strangers wrote in NumPy, from their formulas. */
const numpyOperators = ['retention', 'moh', 'sigmoid', 'mla'].map((name) => `python:${kernel('operators/plain.py')}:${name}`);
/**
 * Right kernels: ours in float64 and float32, a compiled one, one in NumPy, and one that sums in another order each call; of other operators the second forms
 * of all, and plain loops of twelve.
 */
const adapters = [
  'reference',
  'reference-plain',
  'native',
  numpyFlash(),
  kernel('shuffled.ts'),
  'second-form',
  kernel('operators/plain.ts'),
  ...numpyOperators,
];
/** A right scheme on several processes, with a document and without one. */
const rings = [numpyRing('--spec', ringDocument), numpyRing()];

export interface AlarmTally {
  readonly seed: number;
  readonly cases: number;
  readonly alarms: readonly string[];
}

/** Part of the proof: adapters whose name ends so, checks by glob, and the seed of the cases; whatever is absent is not limited. */
export interface AlarmsPart {
  readonly adapter?: readonly string[];
  readonly filter?: readonly string[];
  readonly seed?: string;
}

/** Judges right kernels and schemes at 1,000 cases a check: every failure is a false alarm of ours. */
export async function falseAlarms(runs: number, { adapter: names, filter = [], seed: given }: AlarmsPart = {}): Promise<AlarmTally> {
  const seed = given === undefined ? randomInt(2 ** 32) : Number(given);
  console.log(`  seed ${seed}`);
  const isChosen = (adapter: string) => names === undefined || names.some((name) => adapter.endsWith(name));
  const results: Result[] = [];
  for (const adapter of adapters.filter(isChosen)) {
    const result = await judge({ adapters: [adapter], profiles: ['core', 'training', 'operators'], filter, seed, runs });
    results.push(result);
    announce(adapter, result);
    for (const dtype of ['f64', 'f32', 'f16', 'bf16']) report(result, dtype);
    for (const line of undecidedTable(result.checks)) console.log(`  ${line}`);
  }
  for (const ring of names === undefined || names.includes('ring') ? rings : []) {
    const result = await judge({ adapters: [ring], profiles: ['parallel'], filter: ['**/*@numpy-ring'], seed, runs });
    results.push(result);
    announce(ring, result);
  }
  const cases = results.reduce((sum, result) => sum + casesOf(result), 0);
  return { seed, cases, alarms: results.flatMap(alarmsOf).map((c) => c.id) };
}

/** Prints what came out as soon as it is known: the whole takes hours. */
function announce(adapter: string, result: Result): void {
  console.log(`  ${adapter}: ${casesOf(result)} cases, ${alarmsOf(result).length} alarms`);
  for (const c of alarmsOf(result))
    console.log(
      `  ALARM ${c.adapter}::${c.id} ${c.verdict} ${c.class ?? ''} ${c.reason ?? c.failure?.message ?? ''}\n    ${JSON.stringify(c.failure?.case)}`,
    );
}

function casesOf({ checks }: Result): number {
  return checks.reduce((sum, c) => sum + c.cases, 0);
}

function alarmsOf({ checks }: Result) {
  return checks.filter((c) => c.verdict !== 'pass' && c.verdict !== 'unsupported');
}

/** The failure folders of an alarm are kept. */
function judge(options: Parameters<typeof judgeAdapters>[0]): Promise<Result> {
  return judgeAdapters(
    options,
    {
      onProgress: ({ done, total, cases }) => {
        if (process.stderr.isTTY) process.stderr.write(`\r${done}/${total} checks, ${cases} cases `);
      },
    },
    (result) => alarmsOf(result).length > 0,
  );
}

/** Cases, least cases of a check, undecided elements, largest error ÷ bound. */
function report(result: Result, dtype: string): void {
  if (!result.checks.some((c) => c.id.endsWith(`/${dtype}`) && c.verdict !== 'unsupported')) return;
  for (const pass of ['forward', 'backward']) {
    const checks = result.checks.filter(
      (c) => c.id.endsWith(`/${dtype}`) && c.verdict !== 'unsupported' && c.id.includes('/gradient/') === (pass === 'backward'),
    );
    let elements = 0;
    let undecided = 0;
    let worst = 0;
    for (const c of checks) {
      for (const e of Object.values(c.error ?? {})) {
        elements += e.elements;
        undecided += e.undecided;
        worst = Math.max(worst, Number(e.maxOverBound));
      }
    }
    const cases = checks.reduce((sum, c) => sum + c.cases, 0);
    const least = Math.min(...checks.map((c) => c.cases));
    const share = ((100 * undecided) / Math.max(1, elements + undecided)).toFixed(4);
    console.log(
      `  ${dtype} ${pass}: ${cases} cases, at least ${least} a check, ${elements} elements, ${share} % undecided, largest error/bound ${worst.toFixed(3)}`,
    );
  }
}
