import type { Command } from 'commander';
import type { MaskFlags } from '../actions/mask.js';
import type { Finish } from '../finish.js';
import { collect, positiveInteger } from '../values.js';

const help = `
A parameter of several numbers is written with commas. Its default, where none is given, is what the mask's document says.

Examples:
  $ npx attn-cts mask causal
  $ npx attn-cts mask sliding-window --param left=4 --param right=0 --m 16 --n 24
  $ npx attn-cts mask document --param lengths=3,0,5 --svg document.svg
  $ npx attn-cts mask '{"and": [{"name": "causal"}, {"name": "document", "parameters": {"lengths": [8, 8]}}]}'`;

export function addMask(program: Command, finish: Finish): void {
  program
    .command('mask')
    .description('Show a mask: its picture, its predicate, its exact area.')
    .argument('<name>', 'a mask, or a composed one as JSON')
    .option('--param <k=v>', 'a parameter of the mask', collect)
    .option('--m <n>', 'queries (default: as many as keys)', positiveInteger)
    .option('--n <n>', 'keys (default: what the lengths add up to, or 16)', positiveInteger)
    .option('--dialect <file|axis=value>', 'causal and window decide where the diagonal lies', collect)
    .option('--svg <file>', 'write the picture as SVG')
    .option('--spec <dir>', 'spec documents of your own beside ours', collect)
    .addHelpText('after', help)
    .action(async (name: string, flags: MaskFlags) => {
      const { maskAction } = await import('../actions/mask.js');
      finish(await maskAction(name, flags));
    });
}
