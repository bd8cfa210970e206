import { type Command, CommanderError } from 'commander';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withNamed } from '../../../suites/cli/adapter-sources.js';
import { createProgram } from '../../../suites/cli/program.js';

/** As commander gives them, by the name of the flag. */
interface Given {
  readonly [name: string]: unknown;
  readonly adapter?: string[];
  readonly filter?: string[];
}

interface Parsed {
  readonly flags?: Given;
  readonly error?: unknown;
  readonly written: string;
}

/** Parses arguments of `run` without running it. */
async function parseRun(args: readonly string[]): Promise<Parsed> {
  const program = createProgram(() => {});
  const run = program.commands.find((c) => c.name() === 'run') as Command;
  let written = '';
  const write = (text: string) => {
    written += text;
  };
  let flags: Given | undefined;
  for (const command of [program, run]) {
    const { outputError } = command.configureOutput();
    command.configureOutput({ writeErr: write, writeOut: write, outputError });
  }
  run.action((named: string[], given: Given) => {
    flags = withNamed(named, given);
  });
  try {
    await program.parseAsync(['run', ...args], { from: 'user' });
    return { flags, written };
  } catch (error) {
    return { error, written };
  }
}

describe('flags of run', () => {
  it('name adapters with or without a flag', async () => {
    const { flags } = await parseRun(['./k.ts', '--adapter', 'reference', 'native', '--runs', '7']);
    expect(flags).toEqual({ adapter: ['./k.ts', 'native', 'reference'], runs: 7 });
    expect((await parseRun([])).flags).toEqual({});
  });

  it('are read', async () => {
    const { flags } = await parseRun([
      '--adapter',
      'reference',
      '--adapter',
      './k.ts',
      '--seed',
      'random',
      '--runs=7',
      '--timeout',
      '0.5',
      '--reporter',
      'junit=a=b.xml',
      '--resume',
    ]);
    expect(flags).toEqual({
      adapter: ['reference', './k.ts'],
      seed: 'random',
      runs: 7,
      timeout: 0.5,
      reporter: ['junit=a=b.xml'],
      resume: true,
    });
  });

  it('absent ones leave the configuration its say', async () => {
    expect((await parseRun([])).flags).toEqual({});
  });

  it.each([
    [['--apart', '1'], 'error: --apart: it is called --slow now'],
    [['--runs', 'x'], 'error: --runs: found "x", must be a whole number of at least 1'],
    [['--seed', '-1'], 'error: --seed: found "-1", must be a whole number from 0 to 4294967295, or "random"'],
    [['--hunt', '0'], 'error: --hunt: found "0", must be a number of seconds above 0'],
    [['--time-limit', 'soon'], 'error: --time-limit: found "soon", must be a number of seconds above 0'],
    [['--rnus', '3'], "error: unknown option '--rnus'\n(Did you mean --runs?)"],
    [['--shard', '3/2'], 'error: --shard: found "3/2", must be i/n: the i-th of n parts'],
  ])('%j is refused', async (args, message) => {
    const { error, written } = await parseRun(args);
    expect(error).toBeInstanceOf(CommanderError);
    expect(written).toContain(message);
  });

  it('any arguments give valid flags or one error', async () => {
    const flag = fc.constantFrom(
      '--runs',
      '--jobs',
      '--bail',
      '--seed',
      '--timeout',
      '--time-limit',
      '--hunt',
      '--filter',
      '--resume',
      '--allow-incomplete',
      '--no',
      '--',
      '-x',
    );
    const args = fc.array(fc.oneof(flag, fc.string(), fc.integer().map(String), fc.double().map(String)), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(args, async (list) => {
        const { flags, error } = await parseRun(list);
        if (error !== undefined) {
          expect(error).toBeInstanceOf(CommanderError);
          return;
        }
        for (const key of ['runs', 'jobs', 'bail'] as const)
          expect(flags?.[key] === undefined || (Number.isInteger(flags[key]) && (flags[key] as number) >= 1)).toBe(true);
        for (const key of ['timeout', 'timeLimit'] as const) expect(flags?.[key] === undefined || (flags[key] as number) > 0).toBe(true);
        expect(flags?.filter === undefined || flags.filter.every((f) => f !== '')).toBe(true);
      }),
    );
  });
});

describe('help', () => {
  it.each(['run', 'replay', 'diff', 'merge', 'list', 'mask'])('of %s has examples', async (name) => {
    const program = createProgram(() => {});
    const written: string[] = [];
    for (const command of [program, ...program.commands]) command.configureOutput({ writeOut: (text) => void written.push(text) });
    await expect(program.parseAsync([name, '--help'], { from: 'user' })).rejects.toMatchObject({ exitCode: 0 });
    expect(written.join('')).toContain('Examples:');
    expect(written.join('')).toContain(`$ npx attention-cts ${name}`);
  });
});

describe('commands to paste', () => {
  it('begin with npx attention-cts, which works in a clone, beside a local dependency and after a global install', () => {
    const help: string[] = [];
    for (const command of [createProgram(() => {})].flatMap((program) => [program, ...program.commands])) {
      command.configureOutput({ writeOut: (text) => help.push(text) });
      command.outputHelp();
    }
    const pasted = help.join('').match(/^ *\$ .*$/gm) as string[];
    expect(pasted.length).toBeGreaterThan(30);
    for (const line of pasted) expect(line).toMatch(/^ {2}\$ npx attention-cts [a-z]/);
  });
});
