import type { Command } from 'commander';
import type { Finish } from '../finish.js';
import { option } from '../options.js';
import { addRunOptions } from './run.js';

const help = `
A kernel is whatever run takes: kernel.py:function, kernel.wgsl, a manifest, a command. The checks that are most likely to fail come first, so
that a short --time-limit tells most; what was not run is listed, and the verdict is then inconclusive unless a check failed.

--json prints one document of at most 200 lines (spec/schema/kernel-verdict.schema.json): the verdict, how many checks passed, causes with
the smallest case and its numbers, and the next command. A command that ends before it has judged anything, by a mistake in its line or by
Ctrl-C, prints one that says so (error). Exit codes are those of run.

Examples:
  $ npx attention-cts judge python:kernel.py:attention --json
  $ npx attention-cts judge python:kernel.py:attention --json --time-limit 30
  $ npx attention-cts judge ./kernel.ts --profile core --runs 20`;

export function addJudge(program: Command, finish: Finish): void {
  const command = program
    .command('judge')
    .description('Judge one kernel and print a short verdict, for a program or an agent with --json.')
    .argument('<kernel...>', 'kernel, as --adapter of run takes it')
    .addOption(option('json'));
  const flagsOf = addRunOptions(command);
  command.addHelpText('after', help).action(async (named: string[], { json, ...given }: Readonly<Record<string, unknown>>) => {
    const { runAction } = await import('../actions/run.js');
    const flags = flagsOf(named, given);
    if (json !== true) return finish(await runAction(flags, { likelyFirst: true }));
    const { printInterrupted, printUnjudged } = await import('../text/unjudged.js');
    let isTold = false;
    const events = {
      onReport: () => {
        isTold = true;
      },
      onInterrupted: () => {
        if (!isTold) printInterrupted();
      },
    };
    try {
      finish(await runAction({ ...flags, reporters: [...(flags.reporters ?? []), 'verdict'] }, { likelyFirst: true, ...events }));
    } catch (error) {
      if (!isTold) printUnjudged(error);
      throw error;
    }
  });
}
