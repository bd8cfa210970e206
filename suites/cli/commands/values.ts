import { type Command, Option } from 'commander';
import type { ValuesFlags } from '../actions/values.js';
import type { Finish } from '../finish.js';
import { option } from '../options.js';

const help = `
A case is what result.json and the verdict of judge call so; the page of a failure has it to copy. Its tensors are drawn from its seed:
the same case gives the same bytes on every machine. They come in the case's dtype and layout, without the gaps of strided views, with the
tables of its mask or pages; a mask that has no name comes dense. Of a failure, they are those of the call whose output is wrong, as
the kernel got them.

With --expected, expected.X and bound.X of each output X are added in float64, as in attn-cts vectors.

In Python, attn_cts.values(case) returns the same as arrays, or as tensors of PyTorch.

Examples:
  $ npx attention-cts values attn-cts-out/failures/my-kernel/softmax_causal_oracle_f32 --out case.safetensors
  $ npx attention-cts values case.json --pass backward --expected --out case.safetensors
  $ npx attention-cts values - --out case.safetensors < case.json`;

export function addValues(program: Command, finish: Finish): void {
  program
    .command('values')
    .description('Write the tensors of a case to a file, as a kernel gets them.')
    .argument('<case>', 'JSON file of a case, failure.json or the folder that has it; - reads standard input')
    .requiredOption('--out <file>', 'safetensors file to write')
    .addOption(new Option('--pass <p>', 'pass of a case; backward adds the cotangents (default: forward)').choices(['forward', 'backward']))
    .option('--expected', 'add the expected outputs and their error bounds')
    .addOption(option('spec'))
    .addHelpText('after', help)
    .action(async (path: string, flags: ValuesFlags) => {
      const { valuesAction } = await import('../actions/values.js');
      finish(await valuesAction(path, flags));
    });
}
