import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Checkout, checkoutFolder, commitOf } from '../../../adapters/backends/checkout.js';

const folder = mkdtempSync(join(tmpdir(), 'checkout-'));
afterAll(() => rmSync(folder, { recursive: true }));

const project: Checkout = {
  variable: 'ATTN_CTS_X',
  repository: 'https://example.org/x',
  holds: 'build/x.so',
  prepare: 'make',
};

describe('the checkout of a project', () => {
  it.each([
    [
      'no variable',
      undefined,
      'ATTN_CTS_X is not set',
      'git clone https://example.org/x, run "make" in it, and set ATTN_CTS_X to its path',
    ],
    ['no folder', '/no/such', 'no such folder', 'clone of https://example.org/x'],
    ['nothing built', folder, 'has no build/x.so', 'run "make" in it'],
  ])('%s: unavailable, with the remedy', (_, named, reason, remedy) => {
    expect(() => checkoutFolder(project, { ATTN_CTS_X: named })).toThrow(
      expect.objectContaining({
        name: 'Unavailable',
        reason: expect.stringContaining(reason),
        remedy: expect.stringContaining(remedy),
      }),
    );
  });

  it('is the folder that was named, once it holds what is needed', () => {
    mkdirSync(join(folder, 'build'));
    writeFileSync(join(folder, 'build/x.so'), '');
    expect(checkoutFolder(project, { ATTN_CTS_X: folder })).toBe(folder);
  });

  it('has no commit where git knows of none', async () => {
    expect(await commitOf(folder)).toBe('unknown');
  });
});
