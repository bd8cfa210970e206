import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { markName } from '../../../suites/runner/host/guardian.js';
import { hostAbove, noteAsked, wasAsked } from '../../../suites/runner/host/suite-asked.js';
import { runKernels } from './run-kernels.js';

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'attention-cts-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
};

it('a process is below a host where its environment names the folder of one', () => {
  const host = folder();
  expect(hostAbove({ [markName]: host }, 1)).toBe(host);
  for (const text of ['', '/nowhere/attention-cts-x', tmpdir(), 'attention-cts-x'])
    expect(hostAbove({ [markName]: text }, 1)).toBeUndefined();
  expect(hostAbove({}, process.pid)).toBeUndefined();
});

it('what is noted of a host is known of no other', () => {
  const [one, other] = [folder(), folder()];
  noteAsked(one);
  expect([wasAsked(one), wasAsked(other)]).toEqual([true, false]);
  expect(() => noteAsked('/nowhere/attention-cts-x')).not.toThrow();
});

it.skipIf(process.platform !== 'linux')('a kernel whose children start the suite does not pass, however right it is', async () => {
  const { checks } = await runKernels(['asks-the-suite'], { runs: 3, filter: ['softmax/full/oracle/f32'] });
  expect(checks).toMatchObject([
    { verdict: 'fail', class: 'misbehaviour', failure: { message: expect.stringContaining('started the suite') } },
  ]);
});
