import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownCommand, resumeLine } from '../../../suites/cli/own-command.js';

let folder: string;
const at = (...path: string[]) => join(folder, ...path);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attention-cts-command-'));
  for (const path of ['bin', 'other', 'project/node_modules/.bin', 'project/deep', '_npx/x', 'clone', 'empty'])
    mkdirSync(at(path), { recursive: true });
  for (const file of ['main.js', '_npx/x/main.js', 'other/attn-cts', 'a program.js']) writeFileSync(at(file), '');
  writeFileSync(at('clone/package.json'), '{"name": "attention-cts"}');
  for (const link of ['bin/attention-cts', 'project/node_modules/.bin/attention-cts']) symlinkSync(at('main.js'), at(link));
});
afterAll(() => rmSync(folder, { recursive: true }));

it.runIf(process.platform !== 'win32')('is the name where it is on the path, npx where a package has it, else what was started', () => {
  const command = (cwd: string, path: string[] = [], main = 'main.js') =>
    ownCommand(at(main), [at(cwd), at(cwd, '..')], path.map((p) => at(p)).join(delimiter));
  expect(command('empty', ['other', 'bin'])).toBe('attention-cts');
  // another program of the name, and what npm adds for the programs that it starts
  expect(command('empty', ['other', 'project/node_modules/.bin'])).toBe(`node ${at('main.js')}`);
  expect(command('project/deep')).toBe('npx attention-cts');
  expect(command('clone')).toBe('npx attention-cts');
  expect(command('empty', [], '_npx/x/main.js')).toBe('npx attention-cts');
  expect(command('empty', [], 'a program.js')).toBe(`node '${at('a program.js')}'`);
});

describe('the command line that goes on with a run', () => {
  it.each([
    [
      ['judge', 'my kernel.py:f', '--json', '--time-limit', '30'],
      undefined,
      "attn-cts judge 'my kernel.py:f' --json --time-limit 60 --resume",
    ],
    [['run', '--time-limit=5', '--resume'], undefined, 'attn-cts run --time-limit=10 --resume'],
    [['run', '--seed', 'random'], 7, 'attn-cts run --seed 7 --resume'],
    [['run', '--seed=random'], 7, 'attn-cts run --seed=7 --resume'],
  ])('%j', (given, seed, line) => {
    expect(resumeLine(given, seed, 'attn-cts')).toBe(line);
  });
});
