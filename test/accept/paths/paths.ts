import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Dims, Result } from '../../../spec/types/documents.js';
import { judgeAdapters } from '../../judge-adapters.js';
import { drawPredicates, holds, type Predicate, textOf } from './predicates.js';

const kernel = fileURLToPath(new URL('../../kernels/paths.ts', import.meta.url));

/** Checks that hold every output, or every gradient, to the exact one: a wrong call of theirs is found. */
const judgedByValue = ['oracle', 'gradient', 'empty-row', 'size-boundary', 'lse-merge', 'chunked-prefill', 'cache-history'].map(
  (property) => `*/*/${property}/*`,
);
const profiles = ['core', 'training', 'serving'];
const predicates = 200;
const leastShare = 0.95;

/**
 * Kernels that are right except where a predicate over their sizes holds, 200 for each seed: how many a default run finds. Told from the sizes that
 * one run asks for; some of the kernels are really run, which must come out as told. @returns what is wrong, in words.
 */
export async function pathsFound(seeds: readonly number[], reallyRun: number): Promise<string[]> {
  const wrong: string[] = [];
  for (const seed of seeds) {
    const asked = await recordedSizes(seed);
    const drawn = drawPredicates(predicates, seed);
    const missed = drawn.filter((predicate) => !asked.some((dims) => holds(predicate, dims)));
    const found = drawn.length - missed.length;
    console.log(`  seed ${seed}: ${asked.length} sizes asked for, ${found} of ${drawn.length} kernels found`);
    if (missed.length > 0) console.log(`    not found where ${missed.map(textOf).join('; ')}`);
    if (found < leastShare * drawn.length) wrong.push(`seed ${seed}: only ${found} of ${drawn.length} kernels are found`);
    const share = Math.ceil(reallyRun / seeds.length);
    const tried = [...drawn].filter((_, x) => x % Math.floor(drawn.length / share) === 0).slice(0, share);
    for (const predicate of tried) {
      const told = !missed.includes(predicate);
      const fails = await isFound(predicate, seed);
      console.log(`    really run: wrong where ${textOf(predicate)}: ${fails ?? 'not found'}`);
      if (told !== (fails !== undefined))
        wrong.push(`seed ${seed}: wrong where ${textOf(predicate)} was told ${told ? 'found' : 'missed'}, and was not`);
    }
  }
  return wrong;
}

/** The sizes of the calls of one default run of the right kernel, each once. */
async function recordedSizes(seed: number): Promise<Dims[]> {
  const folder = mkdtempSync(join(tmpdir(), 'attn-paths-'));
  const file = join(folder, 'sizes.jsonl');
  process.env.ATTN_PATHS_RECORD = file;
  try {
    const { checks } = await judge(seed, {});
    const alarms = checks.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'unsupported');
    if (alarms.length > 0) throw new Error(`the right kernel fails ${alarms.map(({ id }) => id).join(', ')}`);
    return [...new Set(readFileSync(file, 'utf8').trimEnd().split('\n'))].map((line) => (JSON.parse(line) as { dims: Dims }).dims);
  } finally {
    delete process.env.ATTN_PATHS_RECORD;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The first check that fails for a kernel that is wrong where the predicate holds. */
async function isFound(predicate: Predicate, seed: number): Promise<string | undefined> {
  process.env.ATTN_PATHS_WRONG = JSON.stringify(predicate);
  try {
    const { checks } = await judge(seed, { bail: 1 });
    const failed = checks.find(({ verdict }) => verdict === 'fail');
    return failed && `${failed.id}, smallest ${JSON.stringify(failed.failure?.case.dims)}`;
  } finally {
    delete process.env.ATTN_PATHS_WRONG;
  }
}

function judge(seed: number, options: { bail?: number }): Promise<Result> {
  return judgeAdapters({ adapters: [kernel], profiles, filter: judgedByValue, seed, runs: 50, ...options });
}
