import { type Command, Option } from 'commander';
import type { ExplainFlags } from '../actions/expected.js';
import type { Finish } from '../finish.js';
import { tensorOptions } from './expected.js';

const help = `
FILE is as in attn-cts expected: the inputs by the names of the operator's document, and beside them the outputs, o, lse, dq, … that your
kernel gave. Bounds come from the numeric profile: by default the widest of the device and the dtype, which the first line names.

Of large tensors a sample of rows is judged, the same for each shape and dtype: the first, the last and one of every 64 rows in every head,
each with all of its keys. Other elements of o must be finite and lie in the range of their head's values.

Exit code: 0 if the outputs are right, 1 if one is wrong, 2 if the file or a flag is, 3 if nothing is decided.

Examples:
  $ npx attention-cts explain out.safetensors --mask causal
  $ npx attention-cts explain out.safetensors --mask causal --layout blhd --device cuda
  $ npx attention-cts explain layer-*.safetensors --mask causal --numerics unfused --json`;

export function addExplain(program: Command, finish: Finish): void {
  const command = program
    .command('explain')
    .description('Noise or a bug: judge outputs that you saved, by bounds for each element, and say what explains a wrong one.')
    .argument('<file...>', 'safetensors files of inputs and outputs')
    .addOption(
      new Option('--device <device>', 'device that the outputs are from, for the default numeric profile (default: cpu)').choices([
        'cpu',
        'cuda',
        'cuda-tf32',
      ]),
    )
    .option('--whole', 'judge every element of large tensors too, which takes minutes')
    .option(
      '--row <file>',
      'write the row of a wrong output to this file, with the keys that it sees: the smallest problem that is still wrong',
    )
    .addHelpText('after', help)
    .action(async (files: string[], flags: ExplainFlags) => {
      const { explainAction } = await import('../actions/expected.js');
      finish(explainAction(files, flags));
    });
  for (const each of tensorOptions()) command.addOption(each);
}
