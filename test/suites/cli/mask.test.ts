import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DocumentError } from '../../../spec/lib/documents.js';
import { createLibrary } from '../../../spec/library.js';
import { type MaskFlags, maskAction } from '../../../suites/cli/actions/mask.js';
import { parseMask } from '../../../suites/cli/mask-argument.js';
import { UsageError } from '../../../suites/lib/usage-error.js';

const library = createLibrary();

async function show(name: string, flags: MaskFlags = {}): Promise<string> {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  await maskAction(name, flags);
  return written.join('');
}
afterEach(() => void vi.restoreAllMocks());

describe('attn-cts mask', () => {
  it('shows picture, predicate, parameters and exact area', async () => {
    expect(await show('sliding-window', { param: ['left=1', 'right=0'], m: 3, n: 4 })).toBe(
      `sliding-window(left=1, right=0)
3 queries down, 4 keys across: █ visible, · hidden
██··
·██·
··██

area: 6 of 12 cells (50.0 %)

sliding-window: A query sees the keys within a window around its own position
  sees where (left = -1 or i + offset - (left - exclusive) <= j) and (right = -1 or j <= i + offset + right)
  left (integer, -1 … n): Keys before the own position (in the exclusive dialect the own position is one of them); -1: unbounded.
  right (integer, -1 … n): Keys after the own position; -1: unbounded.
`,
    );
  });

  it('follows the dialect', async () => {
    expect(await show('causal', { m: 2, n: 4, dialect: ['causal=top-left'] })).toContain('\n█···\n██··\n');
  });

  it('shows each batch entry and head that differs', async () => {
    expect(await show('padding', { param: ['lengths=1,2', 'side=right'], m: 1, n: 2 })).toContain(
      'batch entry 0\n█·\n\nbatch entry 1\n██\n\narea: 3 of 4 cells over 2 batch entries',
    );
    expect(await show('{"heads": [{"name": "causal"}, {"not": {"name": "causal"}}]}', { n: 2 })).toContain(
      'head 0\n█·\n██\n\nhead 1\n·█\n··\n\narea: 4 of 8 cells over 2 heads',
    );
  });

  it.each([...library.masks.keys()])('has parameters of its own to show %s with', async (name) => {
    for (const n of [1, 2, 16, 20]) expect(await show(name, { n })).toContain(`${n} queries down, ${n} keys across`);
  });

  it('takes the number of keys from the lengths', async () => {
    expect(await show('document', { param: ['lengths=2,0,1'] })).toContain('\n██·\n██·\n··█\n\narea: 5 of 9 cells');
  });

  it('writes the picture as SVG', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'attention-cts-mask-'));
    await show('causal', { svg: join(folder, 'pictures', 'causal.svg') });
    expect(readFileSync(join(folder, 'pictures', 'causal.svg'), 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\s*$/);
    rmSync(folder, { recursive: true });
  });

  it.each<[string, MaskFlags, string]>([
    ['causl', {}, `mask: at $.name: found "causl", which names no mask; nearest of ${library.masks.size}: "causal"`],
    ['sliding-window', { param: ['left=1'] }, 'mask: at $.parameters.right: mask "sliding-window" needs this parameter'],
    ['sliding-window', { param: ['left=x', 'right=0'] }, '--param: found "x" for left, must be a number'],
    ['sliding-window', { param: ['left'] }, '--param: found "left", must be NAME=VALUE'],
    ['document', { param: ['lengths=3,'] }, '--param: found "" for lengths, must be a number'],
    ['document', { param: ['lengths=3,4'], n: 9 }, 'mask: at $.parameters.lengths: found lengths that add up to 7, must add up to n = 9'],
    ['document', { param: ['lengths=0'] }, 'the mask has no keys'],
    ['document', { m: 3, n: 4 }, 'mask "document" needs m = n'],
    ['causal', { n: 1e9 }, 'cells, must be at most'],
    ['{"and": [{"name": "cau"}]}', {}, 'mask: at $.and[0].name: found "cau"'],
    ['{"and": [3]}', {}, 'mask: at $.and[0]: found 3'],
    ['{"and": ', {}, 'mask: at $: this is not JSON'],
    ['{"name": "causal"}', { param: ['left=1'] }, '--param: leave it out: a mask in JSON holds its own parameters'],
  ])('%s %j is refused', async (name, flags, message) => {
    const error = await show(name, flags).catch((e: unknown) => e);
    expect(error instanceof UsageError || error instanceof DocumentError).toBe(true);
    expect((error as Error).message).toContain(message);
  });

  it('any argument is a mask or a usage error', () => {
    const name = fc.oneof(
      fc.constantFrom(...library.masks.keys()),
      fc.string(),
      fc.json().map((text) => `{"and": [${text}]}`),
      fc.string().map((text) => `{${text}`),
    );
    const param = fc.oneof(
      fc.string(),
      fc.tuple(fc.constantFrom('left', 'lengths', 'side'), fc.string()).map(([k, v]) => `${k}=${v}`),
    );
    fc.assert(
      fc.property(name, fc.array(param, { maxLength: 2 }), (argument, params) => {
        try {
          expect(parseMask(argument, params, library)).toBeTypeOf('object');
        } catch (error) {
          expect(error instanceof UsageError || error instanceof DocumentError).toBe(true);
        }
      }),
    );
  });
});
