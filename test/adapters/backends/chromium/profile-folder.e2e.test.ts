import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { profileFolder, removeFolder } from '../../../../adapters/backends/chromium/profile-folder.js';

let within: string;
beforeAll(() => {
  within = mkdtempSync(join(tmpdir(), 'attention-cts-test-'));
});
afterAll(() => rmSync(within, { recursive: true }));

test('a folder of its own, removed with what is in it', async () => {
  const [one, two] = [profileFolder(within), profileFolder(within)];
  expect(one).not.toBe(two);
  writeFileSync(join(one, 'file'), 'x');
  await removeFolder(one);
  await removeFolder(two);
  expect(readdirSync(within)).toEqual([]);
});

test('what a killed process left is swept, and nothing else', () => {
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  const left = join(within, `attention-cts-chromium-${gone}-abc`);
  const living = join(within, `attention-cts-chromium-${process.pid}-abc`);
  const foreign = join(within, `somebody-elses-${gone}-abc`);
  for (const folder of [left, living, foreign]) mkdirSync(folder);
  const mine = profileFolder(within);
  expect(existsSync(left)).toBe(false);
  expect([living, foreign, mine].every(existsSync)).toBe(true);
});

test('a folder that is still written into goes when that ends', async () => {
  const folder = profileFolder(within);
  const script = `const end = Date.now() + 600; for (let i = 0; Date.now() < end; i++) try { require('fs').mkdirSync(process.argv[1] + '/Default', { recursive: true }); require('fs').writeFileSync(process.argv[1] + '/Default/' + i, ''); } catch {}`;
  const writer = spawn(process.execPath, ['-e', script, folder]);
  const ended = once(writer, 'exit');
  await delay(150);
  await removeFolder(folder);
  await ended;
  await removeFolder(folder);
  expect(existsSync(folder)).toBe(false);
});
