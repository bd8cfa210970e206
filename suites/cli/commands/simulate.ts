import { type Command, Option } from 'commander';
import type { SimulateFlags } from '../actions/simulate.js';
import type { Finish } from '../finish.js';
import { collect, counts, names, positiveInteger } from '../values.js';

const help = `
The scheme's own program runs with shapes in place of numbers, on a virtual clock: a message takes alpha + bytes/bandwidth of the link between
two ranks, a block of attention its visible cells over the device's rate, and what overlaps is what the program lets overlap. The ideal is the same
work spread evenly, at the device's rate, without a message. Memory counts what a rank holds at once of shards, gradients and messages.

One scheme, one number of ranks and of tokens: the details, and with --svg a timeline of who computes and who waits. Several: a table, with --svg a
picture of the shares and of which scheme is the fastest where. What a scheme cannot do is left out of the table's figures, with the reason.

Schemes that decode are given one query; schemes of another operator than softmax that operator and its mask: longnet with segments from 2,048
tokens on, apb with a block for each rank, an anchor of a quarter of it, and an eighth of its keys passed on.

Examples:
  $ npx attn-cts simulate --scheme ring-zigzag --ranks 8 --tokens 64K --cluster h800-8 --svg timeline.svg
  $ npx attn-cts simulate --scheme ring,ring-zigzag,ulysses --ranks 8,32,96 --tokens 128K,1M --cluster h100-96 --svg sweep.svg
  $ npx attn-cts simulate --scheme ring --ranks 1024 --tokens 1M --cluster tpu-1024 --pass forward
  $ npx attn-cts simulate --scheme all-gather --ranks 8 --cluster a100-8 --mask document-causal --param lengths=4096,28672
  $ npx attn-cts list clusters`;

export function addSimulate(program: Command, finish: Finish): void {
  program
    .command('simulate')
    .description('Say what a scheme would do on a cluster: time, share of the ideal, bytes, memory, who waits.')
    .requiredOption('--scheme <s,…>', 'schemes (attn-cts list schemes)', names)
    .requiredOption('--ranks <n,…>', 'numbers of ranks', counts)
    .option('--tokens <n,…>', 'numbers of tokens, such as 64K or 1M (default: what the lengths of the mask add up to)', counts)
    .requiredOption('--cluster <name|file>', 'a cluster (attn-cts list clusters), or a file that describes one')
    .option('--mask <m>', 'a mask, or a composed one as JSON (default: causal)')
    .option('--param <k=v>', 'a parameter of the mask', collect)
    .option('--heads <n>', 'query heads (default: 32)', positiveInteger)
    .option('--key-heads <n>', 'key heads (default: 8)', positiveInteger)
    .option('--dim <n>', 'size of a head (default: 128)', positiveInteger)
    .addOption(
      new Option('--dtype <t>', 'of queries, keys and values').choices(['f64', 'f32', 'f16', 'bf16', 'f8e4m3', 'f8e5m2']).default('bf16'),
    )
    .option('--batch <n>', 'batch entries (default: 1)', positiveInteger)
    .addOption(new Option('--pass <p>', 'one pass, or both where a scheme has both').choices(['forward', 'both']).default('both'))
    .option('--svg <file>', 'write the picture as SVG')
    .option('--json', 'print the figures as JSON')
    .option('--spec <dir>', 'spec documents of your own beside ours', collect)
    .addHelpText('after', help)
    .action(async (flags: SimulateFlags) => {
      const { simulateAction } = await import('../actions/simulate.js');
      finish(await simulateAction(flags));
    });
}
