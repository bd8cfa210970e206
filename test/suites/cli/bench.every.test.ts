import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { parseDocument } from '../../../spec/lib/documents.js';
import type { Bench } from '../../../spec/types/documents.js';
import { type BenchFlags, benchAction } from '../../../suites/cli/actions/bench.js';
import { asksAll, firstOf } from '../../some.js';

const out = mkdtempSync(join(tmpdir(), 'attn-cts-bench-'));
const kernel = (name: string) => join(import.meta.dirname, '..', '..', 'kernels', name);
const small = {
  mask: ['causal'],
  length: [24],
  heads: 1,
  keyHeads: 1,
  dim: 8,
  samples: 6,
  preset: 'quick',
  transport: 'workers',
  out,
} as const;

afterAll(() => rmSync(out, { recursive: true, force: true }));
afterEach(() => void vi.restoreAllMocks());

async function run(flags: Partial<BenchFlags>): Promise<{ code: number; text: string; bench: Bench }> {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const code = await benchAction({ ...small, mask: [...small.mask], length: [...small.length], ...flags });
  const bench = parseDocument('bench', readFileSync(join(out, 'bench.json'), 'utf8'), 'bench.json');
  return { code, text: written.join(''), bench };
}

/** True if other work kept the machine too busy to measure a time. The bench then reports only that, and these tests can check less. */
function isTooBusy({ timings }: Bench): boolean {
  return timings.some(({ verdict, reason }) => verdict === 'inconclusive' && /busy/.test(reason ?? ''));
}

describe('attn-cts bench', () => {
  it.skipIf(asksAll)('times answers that are right, with ratios to a baseline', async () => {
    const { code, text, bench } = await run({ adapter: ['reference', kernel('correct.js')], baseline: 'reference', pass: 'forward' });
    if (isTooBusy(bench)) return expect(code).toBe(3);
    expect(code).toBe(0);
    expect(bench.complete).toBe(true);
    const [base, other] = bench.timings;
    expect(base).toMatchObject({ adapter: 'reference', verdict: 'timed', latency: { samples: 6 } });
    expect(base.ratio).toBeUndefined();
    expect(other).toMatchObject({ adapter: 'correct', verdict: 'timed', ratio: { pairs: 6 } });
    expect(other.judged).toBeGreaterThan(0);
    expect(text).toMatch(/causal +24 +[\d.]+ ms/);
    expect(text).toContain('ratios to reference');
  });

  it.skipIf(!asksAll)('says what an adapter is not asked for', async () => {
    const { code, bench, text } = await run({ adapter: ['reference', kernel('correct.js')], pass: 'both', length: [24, 300] });
    expect(code).toBe(isTooBusy(bench) ? 3 : 0);
    const unsupported = bench.timings.filter(({ verdict }) => verdict === 'unsupported');
    expect(unsupported.map(({ adapter, pass, case: c }) => `${adapter} ${pass} ${c.dims.n}`)).toEqual([
      'correct backward 24',
      'correct forward 300',
      'correct backward 300',
    ]);
    expect(text).toContain('no gradients are claimed');
  });

  it.skipIf(asksAll)('times schemes side by side, with what each rank took', async () => {
    const { code, bench } = await run({
      adapter: ['reference'],
      scheme: ['ring', 'ring-zigzag'],
      baseline: 'ring-zigzag',
      ranks: [2],
      samples: 3,
    });
    if (isTooBusy(bench)) return expect(code).toBe(3);
    expect(code).toBe(0);
    const [ring, zigzag] = bench.timings;
    expect(ring).toMatchObject({ verdict: 'timed', ratio: { pairs: 3 }, case: { parallel: { scheme: 'ring', ranks: 2 } } });
    expect(zigzag.ranks?.slowest).toBeGreaterThanOrEqual(zigzag.ranks?.mean as number);
  });

  const lies: Record<string, RegExp> = {
    zeros: /o\[/,
    late: /o changed after the call had returned/,
    cached: /o\[/,
    clock: /it claims .* ms a call, and .* ms were measured outside/,
    tenth: /it claims 2 ms a repeat, and .* ms were measured outside/,
  };
  it.each(firstOf(Object.entries(lies), 2))('gives no time to a kernel that lies: %s', async (lie, reason) => {
    process.env.ATTN_LIE = lie;
    try {
      const { code, bench, text } = await run({ adapter: [kernel('lies-about-time.js')] });
      // a clock that lies may be lost among what a busy machine does, and has no time either
      if (isTooBusy(bench)) return expect(code).toBe(3);
      expect(bench.timings).toMatchObject([{ verdict: 'wrong', reason: expect.stringMatching(reason) }]);
      expect(bench.timings[0].latency).toBeUndefined();
      expect(code).toBe(1);
      expect(text).toContain('WRONG');
    } finally {
      delete process.env.ATTN_LIE;
    }
  });

  it.skipIf(!asksAll)('is exit 3 where nothing was timed, and refuses what it does not know', async () => {
    expect((await run({ adapter: [kernel('correct.js')], dtype: ['f16'] })).code).toBe(3);
    await expect(run({ adapter: ['reference'], baseline: 'refrence' })).rejects.toThrow(/--baseline refrence/);
    await expect(run({ adapter: ['reference'], dtype: ['f33'] })).rejects.toThrow(/--dtype: found "f33"/);
    await expect(run({ adapter: ['reference'], heads: 3, keyHeads: 2 })).rejects.toThrow(/--heads/);
  });
});
