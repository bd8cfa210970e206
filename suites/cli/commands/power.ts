import type { Command } from 'commander';
import type { PowerFlags } from '../actions/power.js';
import { defaults } from '../defaults.js';
import type { Finish } from '../finish.js';
import { collect, positiveInteger, seed } from '../values.js';

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
    .option('--json', 'print {"mutants": […]}')
    .option('--filter <glob>', 'judge only mutants whose id or class matches this glob (repeatable)', collect)
    .option('--seed <n|random>', `seed from which cases are drawn (default: ${defaults.seed})`, seed)
    .option('--runs <n>', `cases per check; checks of the feature +all get four times as many (default: ${defaults.runs})`, positiveInteger)
    .option('--matrix', 'run every property on every mutant; show which mutants each property kills, and which it alone kills')
    .option('--jobs <n>', 'number of mutants judged at the same time (default: the number of cores)', positiveInteger)
    .addHelpText('after', help)
    .action(async (flags: PowerFlags) => {
      const { powerAction } = await import('../actions/power.js');
      finish(await powerAction(flags));
    });
}
