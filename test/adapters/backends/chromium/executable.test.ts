import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findChromium } from '../../../../adapters/backends/chromium/executable.js';

const missing = '/nowhere/chrome';
let folder: string;
let browser: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attention-cts-test-'));
  browser = join(folder, 'chromium');
  writeFileSync(browser, '');
  chmodSync(browser, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('CHROME_PATH names the browser, and is not passed over where it names none', () => {
  expect(findChromium(missing, { CHROME_PATH: browser, PATH: '' })).toBe(browser);
  expect(() => findChromium(browser, { CHROME_PATH: missing, PATH: folder })).toThrow(
    expect.objectContaining({ name: 'Unavailable', reason: expect.stringContaining(missing) }),
  );
});

test('without it the path is searched, then what playwright has downloaded', () => {
  expect(findChromium(missing, { PATH: ['/nowhere', folder].join(delimiter) })).toBe(browser);
  expect(findChromium(browser, { PATH: '' })).toBe(browser);
});

test('a file that cannot be executed is no browser', () => {
  chmodSync(browser, 0o644);
  const found = () => findChromium(missing, { CHROME_PATH: browser, PATH: '' });
  // root may execute what no one may execute only where a bit is set
  expect(found).toThrow(expect.objectContaining({ name: 'Unavailable' }));
  chmodSync(browser, 0o755);
});
