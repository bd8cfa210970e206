import type { Command } from 'commander';
import type { MaskFlags } from '../actions/mask.js';
import type { Finish } from '../finish.js';
import { option } from '../options.js';
import { positiveInteger } from '../values.js';

const help = `
Separate several numbers of one parameter with commas. A parameter that is not given has the default of the mask's document.

Examples:
  $ npx attention-cts mask causal
  $ npx attention-cts mask sliding-window --param left=4 --param right=0 --m 16 --n 24
  $ npx attention-cts mask document --param lengths=3,0,5 --svg document.svg
  $ npx attention-cts mask '{"and": [{"name": "causal"}, {"name": "document", "parameters": {"lengths": [8, 8]}}]}'`;

export function addMask(program: Command, finish: Finish): void {
  program
    .command('mask')
    .description('Show a mask: its picture, its predicate and its exact area.')
    .argument('<name>', 'name of a mask, or a composed mask as JSON')
    .addOption(option('param'))
    .option('--m <n>', 'number of queries (default: as many as keys)', positiveInteger)
    .option('--n <n>', 'number of keys (default: the sum of the lengths, or 16)', positiveInteger)
    .addOption(option('dialect', { help: 'dialect whose causal and window conventions place the diagonal' }))
    .addOption(option('svg'))
    .addOption(option('spec'))
    .addHelpText('after', help)
    .action(async (name: string, flags: MaskFlags) => {
      const { maskAction } = await import('../actions/mask.js');
      finish(await maskAction(name, flags));
    });
}
