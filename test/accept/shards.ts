import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ended, kernelFile, start, withoutTimes } from './attn-cts.js';

const plan = ['--adapter', 'reference', '--adapter', kernelFile('nan'), '--runs', '3', '--profile', 'core', '--filter', 'softmax*/**/f32'];
const any = [0, 1];

/** Three shards merged equal one run, divided by cases and by a cost table. @returns what is wrong, in words. */
export async function mergedShards(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'attention-cts-shards-'));
  const at = (...names: string[]) => join(folder, ...names);
  const wrong: string[] = [];
  try {
    const costs = at('costs.json');
    // the class that shards have without a flag: a busy machine measures another
    await ended(start(['run', ...plan, '--speed', 'medium', '--out', at('whole'), '--write-costs', costs]), any);
    for (const [name, divided] of [
      ['by-cases', []],
      ['by-costs', ['--costs', costs]],
    ] as const) {
      const shards = [1, 2, 3].map((i) => at(name, String(i)));
      for (const [i, out] of shards.entries()) await ended(start(['run', ...plan, ...divided, '--shard', `${i + 1}/3`, '--out', out]), any);
      const merged = at(name, 'merged', 'result.json');
      await ended(start(['merge', ...shards.map((out) => join(out, 'result.json')), '--out', merged]), any);
      const same = isDeepStrictEqual(withoutTimes(merged), withoutTimes(at('whole', 'result.json')));
      console.log(`  three shards, divided ${name.replace('-', ' ')}: ${same ? 'one run' : 'ANOTHER RESULT'}`);
      if (!same) wrong.push(`shards divided ${name} do not merge to one run`);
      // one missing is refused
      await ended(start(['merge', ...shards.slice(1).map((out) => join(out, 'result.json')), '--out', merged]), [2]);
    }
    return wrong;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
