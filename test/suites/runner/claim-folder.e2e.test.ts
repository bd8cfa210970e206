import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { claimFolder } from '../../../suites/runner/record/claim-folder.js';
import { runKernels, scratch } from './run-kernels.js';

const compiled = pathToFileURL(join(process.cwd(), 'dist/suites/runner/record/claim-folder.js')).href;

/** A process that claims a folder and then waits for its end. */
async function claimant(folder: string) {
  const child = spawn(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { claimFolder } from ${JSON.stringify(compiled)};
     await claimFolder(${JSON.stringify(folder)});
     console.log('has it');
     setInterval(() => {}, 1000);`,
  ]);
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

describe('a folder that a run writes to', () => {
  it('is refused to a second run, in the same process or in another, by whatever path', async () => {
    const folder = scratch();
    const out = join(folder, 'out');
    const child = await claimant(out);
    const refused = {
      name: 'UsageError',
      message: expect.stringContaining(`another run (process ${child.pid}) is writing to it; wait for`),
    };
    await expect(claimFolder(out)).rejects.toMatchObject(refused);
    mkdirSync(out);
    symlinkSync(out, join(folder, 'link'));
    for (const path of [out, `${out}/`, join(folder, 'link'), join(folder, 'link', '..', 'out')]) {
      await expect(claimFolder(path)).rejects.toMatchObject(refused);
    }
    await (await claimFolder(join(folder, 'other')))();
  });

  it('is free when that run has given it back, or was killed', async () => {
    const out = scratch();
    for (let i = 0; i < 3; i++) await (await claimFolder(out))();
    const child = await claimant(out);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await claimFolder(out))();
  });

  it('keeps what the first run has written: the second touches nothing', async () => {
    const out = scratch();
    const first = runKernels(['correct'], { out });
    await expect(runKernels(['nan'], { out, resume: true })).rejects.toMatchObject({ name: 'UsageError' });
    expect((await first).checks).toMatchObject([{ adapter: 'correct', verdict: 'pass' }]);
    expect((await runKernels(['correct'], { out, resume: true })).checks).toMatchObject([{ adapter: 'correct', verdict: 'pass' }]);
  });
});
