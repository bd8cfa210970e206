import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { targetBlocks } from '../../../../generators/values/targeted/target-blocks.js';
import { createLibrary } from '../../../../spec/library.js';
import { compileMask } from '../../../../spec/mask/compile/compile.js';
import type { CompiledMask } from '../../../../spec/mask/compile/compiled-mask.js';
import type { Mask } from '../../../../spec/types/documents.js';

const library = createLibrary();

function compiled(mask: Mask, m: number, n = m, heads = 1): CompiledMask {
  return compileMask(library, mask, { b: 1, heads, m, n, causal: 'bottom-right', window: 'inclusive' });
}

const window = (left: number, right: number): Mask => ({ name: 'sliding-window', parameters: { left, right } });
const documents = (name: string, ...lengths: number[]): Mask => ({ name, parameters: { lengths } });

/** Rows of each block, and how many of its rows come after it. */
function rowsOf(mask: CompiledMask, targets: Int32Array) {
  const rows = new Int32Array(Math.ceil(mask.n / 64));
  const later = new Int32Array(rows.length);
  for (const [i, block] of targets.entries()) {
    if (block < 0) continue;
    rows[block]++;
    if (Math.floor((i + mask.n - mask.m) / 64) > block) later[block]++;
  }
  return { rows, later };
}

/** Rows that see a key of the block and have it as their target, of each key. */
function rowsOfKeys(mask: CompiledMask, targets: Int32Array): Int32Array {
  const keys = new Int32Array(mask.n);
  for (const [i, block] of targets.entries())
    for (let j = 64 * block; block >= 0 && j < Math.min(64 * block + 64, mask.n); j++) if (mask.visible(0, 0, i, j)) keys[j]++;
  return keys;
}

const masks: readonly (readonly [string, Mask])[] = [
  ['full', { name: 'full' }],
  ['causal', { name: 'causal' }],
  ['a window of 20', window(20, 0)],
  ['a window of 4,096', window(4096, 0)],
  ['a window to both sides', window(300, 200)],
  ['documents', documents('document', 3999, 1, 20, 0, 4172)],
  ['causal documents', documents('document-causal', 3999, 1, 20, 0, 4172)],
  ['sinks and a window', { name: 'sink-tokens', parameters: { sinks: 4, recent: 256 } }],
];

describe('targets of rows', () => {
  const N = 8192;
  it.each(masks)('%s: see a key of it', (_, mask) => {
    const own = compiled(mask, N);
    const targets = targetBlocks(own, 3);
    const runs = new Int32Array(N + 2);
    for (const [i, block] of targets.entries()) {
      const count = own.runs(0, 0, i, runs);
      expect(block >= 0).toBe(count > 0);
      const seen = Array.from({ length: count }, (_, x) => runs[2 * x] < 64 * block + 64 && runs[2 * x + 1] > 64 * block);
      if (count > 0) expect(seen).toContain(true);
    }
  });

  it.each(masks)('%s: every visible key is in the target of a row, and no block in that of many', (name, mask) => {
    const own = compiled(mask, N);
    const targets = targetBlocks(own, 3);
    const { rows } = rowsOf(own, targets);
    expect(Math.min(...rows)).toBeGreaterThanOrEqual(16);
    expect(Math.max(...rows)).toBeLessThanOrEqual(name === 'full' ? 200 : 330);
    expect(Math.min(...rowsOfKeys(own, targets))).toBeGreaterThanOrEqual(1);
  });

  it('causal: nearly every block is the target of later rows too', () => {
    const own = compiled({ name: 'causal' }, N);
    const { later } = rowsOf(own, targetBlocks(own, 9));
    expect(later.filter((count) => count === 0).length).toBeLessThanOrEqual(2);
  });

  test.prop([fc.integer({ min: 1, max: 16 }), fc.integer({ min: 64, max: 100_000 }), fc.nat(255)], { numRuns: 20 })(
    'decoding: the last keys, the first and any others are targets',
    (m, n, seed) => {
      const own = compiled({ name: 'causal' }, m, n, 16);
      const targets = targetBlocks(own, seed);
      expect(new Set(targets).size).toBeGreaterThanOrEqual(Math.min(4, Math.ceil(n / 64) - 1));
      for (const block of targets) expect(block >= 0 && 64 * block < n).toBe(true);
      // four queries of a head have both ends among their targets
      const last = Math.ceil(n / 64) - 1;
      for (let h = 0; h < 16 && m >= 4; h++) {
        const own = targets.subarray(h * m, (h + 1) * m);
        expect(own.includes(0) && (own.includes(last) || own.includes(last - 1))).toBe(true);
      }
    },
  );
});
