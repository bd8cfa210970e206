import { type Command, Option } from 'commander';
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
  const command = program
    .command('expected')
    .description(
      'Compute the exact outputs, gradients and error bounds for tensors of your own, and judge the outputs that come with them.',
    )
    .argument('<file...>', 'safetensors files of the inputs')
    .option('--out <file>', 'safetensors file to write')
    .addHelpText('after', help)
    .action(async (files: string[], flags: ExpectedFlags) => {
      const { expectedAction } = await import('../actions/expected.js');
      finish(expectedAction(files, flags));
    });
  for (const each of tensorOptions()) command.addOption(each);
}

/** Options that say what a user's tensors are. */
export function tensorOptions(): Option[] {
  return [
    new Option('--operator <name>', 'operator whose document says what is computed (default: softmax)'),
    new Option('--mask <name|json>', 'mask: a name, or a document as JSON (default: full, or the first that the operator has)'),
    option('param'),
    new Option('--option <name=value>', 'numeric option of the operator, such as scale=0.125 (repeatable)').argParser(collect),
    new Option('--layout <layout>', 'layout of the tensors (default: bhld)').choices(['bhld', 'blhd', 'thd']),
    option('dialect', { help: 'conventions by which the outputs are judged' }),
    option('capabilities', { help: 'JSON file of the capabilities of your kernel: its numeric profile sets the bounds' }),
    new Option('--numerics <name|json>', 'numeric profile that sets the bounds: a name (attn-cts list numerics), or a profile as JSON'),
    option('spec'),
    option('json'),
  ];
}
