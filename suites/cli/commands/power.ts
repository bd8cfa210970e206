import type { Command } from 'commander';
import type { PowerFlags } from '../actions/power.js';
import { defaults } from '../defaults.js';
import type { Finish } from '../finish.js';
import { collect, positiveInteger, seed } from '../values.js';

const help = `
A mutant is the reference kernel, or a scheme with it inside, with one deliberate fault, named after a bug that somebody met.
Each is judged up to the first check that fails; exit code 1 says that one which is not declared equivalent survived, or that
one which is was killed.

Examples:
  $ npx attn-cts power
  $ npx attn-cts power --filter 'window-*' --filter Causal
  $ npx attn-cts power --seed random --json
  $ npx attn-cts power --matrix                     what each property is worth: takes several times as long
  $ npx attn-cts run --adapter mutant:heads-tiled   what every check says of one`;

export function addPower(program: Command, finish: Finish): void {
  program
    .command('power')
    .description('Judge kernels with known faults: how many the suite finds, by which check, after how many cases.')
    .option('--json', 'print {"mutants": […]}')
    .option('--filter <glob>', 'only mutants whose id or class matches', collect)
    .option('--seed <n|random>', `what the cases are drawn from (default: ${defaults.seed})`, seed)
    .option('--runs <n>', `cases per check; +all has four times as many (default: ${defaults.runs})`, positiveInteger)
    .option('--matrix', 'ask every property, and say which mutants each of them kills, and which it kills alone')
    .option('--jobs <n>', 'mutants at a time (default: the number of cores)', positiveInteger)
    .addHelpText('after', help)
    .action(async (flags: PowerFlags) => {
      const { powerAction } = await import('../actions/power.js');
      finish(await powerAction(flags));
    });
}
