import type { Command } from 'commander';
import type { PowerFlags } from '../actions/power.js';
import type { Finish } from '../finish.js';
import { option } from '../options.js';

const help = `
A mutant is the reference kernel, or a scheme with it inside, with one deliberate fault that imitates a bug found in practice.
Each mutant is judged up to the first check that fails: then it is killed. Exit code 1: a mutant survived that is not declared
equivalent to a correct kernel, or one that is declared equivalent was killed.

Examples:
  $ npx attention-cts power
  $ npx attention-cts power --filter 'window-*' --filter Causal
  $ npx attention-cts power --seed random --json
  $ npx attention-cts power --matrix                     what each property finds: takes several times as long
  $ npx attention-cts run --adapter mutant:heads-tiled   run every check on one mutant`;

export function addPower(program: Command, finish: Finish): void {
  program
    .command('power')
    .description('Measure the suite: judge kernels with known faults, and count how many are found, by which check, after how many cases.')
    .addOption(option('json'))
    .addOption(option('filter', { flag: '--filter <glob>', help: 'judge only mutants whose id or class matches this glob' }))
    .addOption(option('seed'))
    .addOption(option('runs'))
    .option('--matrix', 'run every property on every mutant; show which mutants each property kills, and which it alone kills')
    .addOption(option('jobs', { help: 'number of mutants judged at the same time' }))
    .addHelpText('after', help)
    .action(async (flags: PowerFlags) => {
      const { powerAction } = await import('../actions/power.js');
      finish(await powerAction(flags));
    });
}
