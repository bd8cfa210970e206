import type { Command } from 'commander';
import type { ProbeFlags } from '../actions/probe.js';
import type { Finish } from '../finish.js';
import { option } from '../options.js';

const help = `
Each convention (axis of the dialect) is inferred from the kernel's answers to at most 80 calls of different sizes. What the kernel
declares is shown beside it, and has no influence. Exit code 3: the kernel could not be started, or an axis could not be inferred.

Examples:
  $ npx attention-cts probe --adapter ./kernel.ts
  $ npx attention-cts probe --adapter python:kernel.py:attention --write dialect.json
  $ npx attention-cts run --adapter python:kernel.py:attention --dialect dialect.json`;

export function addProbe(program: Command, finish: Finish): void {
  program
    .command('probe')
    .description(
      'Find out which conventions a kernel follows where implementations differ: causal alignment, empty rows, base of the LSE and others.',
    )
    .argument('[adapter]', 'same as --adapter')
    .option('--adapter <a>', 'adapter to probe, as in run')
    .addOption(option('json'))
    .option('--write <file>', 'write the conventions found to this file, for run --dialect')
    .addOption(option('timeout'))
    .addOption(option('startTimeout'))
    .addOption(option('python'))
    .addHelpText('after', help)
    .action(async (named: string | undefined, flags: ProbeFlags) => {
      const { probeAction } = await import('../actions/probe.js');
      finish(await probeAction({ ...flags, adapter: named ?? flags.adapter }));
    });
}
