import type { Command } from 'commander';
import type { ExpectedFlags } from '../actions/expected.js';
import type { Finish } from '../finish.js';
import { option } from '../options.js';
import { collect } from '../values.js';

const help = `
FILE is a safetensors file of the operator's inputs by the names of its document (attn-cts operator NAME): q, k, v of softmax, and with
them where you have them bias, sink, alibi, a boolean mask [b or 1, heads or 1, m or 1, n] whose 1 keeps, and with --layout thd cu_q and
cu_k. Cotangents, do and dlse, ask for the gradients too.

For each output X, --out has expected.X and bound.X in float64. An element passes if |X − expected| ≤ bound, or if both are the same
infinity or NaN; an infinite bound decides nothing. The rounding to X's type is in the bound. Outputs that are in FILE beside the inputs (o, lse,
dq, …) are judged, with a hint where they are wrong: exit code 1.

Examples:
  $ npx attention-cts expected vectors.safetensors --mask causal --out expected.safetensors
  $ npx attention-cts expected layer.safetensors --layout blhd --mask sliding-window --param left=4095 --param right=0 --option scale=0.0884
  $ npx attention-cts expected gla.safetensors --operator gla --json`;

export function addExpected(program: Command, finish: Finish): void {
  program
    .command('expected')
    .description(
      'Compute the exact outputs, gradients and error bounds for tensors of your own, and judge the outputs that come with them.',
    )
    .argument('<file>', 'safetensors file of the inputs')
    .option('--operator <name>', 'operator whose document says what is computed (default: softmax)')
    .option('--mask <name|json>', 'mask: a name, or a document as JSON (default: full, or the first that the operator has)')
    .addOption(option('param'))
    .option('--option <name=value>', 'numeric option of the operator, such as scale=0.125 (repeatable)', collect)
    .option('--layout <layout>', 'layout of the tensors: bhld, blhd or thd (default: bhld)')
    .addOption(option('dialect', { help: 'conventions by which the outputs are judged' }))
    .addOption(option('capabilities', { help: 'JSON file of the capabilities of your kernel: its numeric profile sets the bounds' }))
    .addOption(option('spec'))
    .option('--out <file>', 'safetensors file to write')
    .addOption(option('json'))
    .addHelpText('after', help)
    .action(async (file: string, flags: ExpectedFlags) => {
      const { expectedAction } = await import('../actions/expected.js');
      finish(await expectedAction(file, flags));
    });
}
