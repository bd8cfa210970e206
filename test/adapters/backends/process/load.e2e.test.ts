import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { splitCommand } from '../../../../adapters/backends/process/index.js';
import { Unavailable } from '../../../../adapters/kernel.js';
import { loadAdapter } from '../../../../adapters/load.js';
import { PrivateFolder } from '../../../../adapters/system/private-folder.js';
import { title } from '../../../backend.js';
import { misbehaves, python } from '../../../kernels/misbehaves.js';
import { scratch } from '../../../suites/runner/run-kernels.js';

describe('a command', () => {
  it.each([
    ['python3 serve.py', ['python3', 'serve.py']],
    ['"python3 serve.py"', ['python3', 'serve.py']],
    ["python3 'my kernel.py' --tile 16", ['python3', 'my kernel.py', '--tile', '16']],
    ['./kernel --name "a b" $HOME', ['./kernel', '--name', 'a b', '$HOME']],
    [' ', []],
  ])('%s is split as a shell does, and nothing more', (command, words) => {
    expect(splitCommand(command)).toEqual(words);
  });

  it('in quotes may be a path with a space', () => {
    const file = join(scratch(), 'a kernel');
    writeFileSync(file, '');
    expect(splitCommand(`"${file}"`)).toEqual([file]);
  });

  it('that is not found, or no program, is unavailable, with its name', async () => {
    const file = join(scratch(), 'kernel.txt');
    writeFileSync(file, 'text');
    const [absent, text, empty] = await Promise.all(
      ['process:no-such-command --x', `process:${file}`, 'process: '].map((source) => loadAdapter(source).catch((e: unknown) => e)),
    );
    for (const error of [absent, text, empty]) expect(error).toBeInstanceOf(Unavailable);
    expect((absent as Unavailable).reason).toContain('the command "no-such-command" was not found');
    expect((text as Unavailable).message).toMatch(/may not be run as a program.*chmod \+x/);
    expect((empty as Unavailable).reason).toContain('needs a command');
  });

  it.skipIf(python.missing)(title('with {world} is for schemes', python), async () => {
    await expect(loadAdapter(`process:python3 ${misbehaves} nothing {world}`)).rejects.toThrow(/\{world\}.*claims no "schemes"/);
  });

  it.skipIf(python.missing)(title('that calls itself a built-in is unavailable', python), async () => {
    const error = await loadAdapter(`process:python3 ${misbehaves} false-name`).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Unavailable);
    expect((error as Unavailable).reason).toMatch(/\$\.id: found "reference"/);
  });

  it.skipIf(python.missing)(title('is an adapter of its own id', python), async () => {
    const adapter = await loadAdapter(`process:python3 ${misbehaves} nothing`);
    expect(adapter).toMatchObject({ id: 'p-nothing', version: '1', capabilities: { dtypes: ['f32'] } });
    await (await adapter.open())[Symbol.asyncDispose]();
  });
});

describe('a private folder', () => {
  it('that cannot be made is unavailable, with the flag that mends it', () => {
    expect(() => new PrivateFolder('/no/such/folder')).toThrow(Unavailable);
    expect(() => new PrivateFolder('/no/such/folder')).toThrow(/--tmp/);
  });

  it('lies in the one that was named, and goes with all that is in it', () => {
    const tmp = scratch();
    const folder = new PrivateFolder(tmp);
    writeFileSync(join(folder.path, 'file'), '');
    expect(readdirSync(tmp)).toHaveLength(1);
    folder.remove();
    expect(readdirSync(tmp)).toEqual([]);
  });
});
