import { type Command, Option } from 'commander';
import { presets } from '../../bench/presets.js';
import type { BenchFlags } from '../actions/bench.js';
import { withNamed } from '../adapter-sources.js';
import { defaults } from '../defaults.js';
import type { Finish } from '../finish.js';
import { option } from '../options.js';
import { collect, counts, names, parameters, positiveInteger, ranks, seconds } from '../values.js';

const presetHelp = Object.entries(presets)
  .map(([name, { title }]) => `  ${name.padEnd(12)}${title}`)
  .join('\n');

const help = `
Presets:
${presetHelp}

Each adapter runs in its own process. Adapters and baseline are called in turns, so that disturbances of the machine affect them
alike. A ratio compares calls made next to each other: the report gives the median and its 95 % confidence interval.

Every call gets new input values, made before the clock starts. Some timed answers, chosen at random once the kernel is loaded, are
judged by the oracle: an adapter with a wrong answer, or one that is incomplete when the call returns, gets no time. Times that a
kernel reports are checked against the runner's clock. If the machine is too busy for that, the result is inconclusive (exit code 3).

FLOPs count visible cells only. * marks a software device: do not rank it against real ones.

Examples:
  $ npx attention-cts bench --baseline onnxruntime-attention
  $ npx attention-cts bench --adapter ./kernel.ts --adapter native --baseline native --length 512,2048 --mask causal,full
  $ npx attention-cts bench --preset longca --adapter native --pass forward
  $ npx attention-cts bench --adapter native --mask block-sparse --param share=0.1,0.25,0.5,1 --param block=64,128
  $ npx attention-cts bench --adapter native --mask document-causal --lengths pile,pile-long --length 4K,8K
  $ npx attention-cts bench --preset longca-full --adapter native --budget 600
  $ npx attention-cts bench --adapter native --scheme ring,ring-zigzag --transport workers --ranks 2,4 --baseline ring-zigzag
  $ npx attention-cts report --bench attn-cts-out/bench.json --reporter markdown --reporter svg=timings.svg`;

export function addBench(program: Command, finish: Finish): void {
  program
    .command('bench')
    .description('Time adapters side by side, and judge the answers that are timed.')
    .argument('[adapter...]', 'same as --adapter')
    .option(
      '--adapter <a>',
      'adapter to time, as in run (repeatable; default: the built-in adapters that start fast, without the references)',
      collect,
    )
    .option('--baseline <a>', 'adapter or scheme to which the others are compared as ratios (default: none)')
    .addOption(
      new Option('--preset <p>', 'set of problems to time; other flags override parts of it')
        .choices(Object.keys(presets))
        .default('quick'),
    )
    .option('--operator <o>', 'operator, built in or from --spec (default: softmax)')
    .option('--mask <m,…>', 'masks to time, separated by commas', names)
    .option('--length <n,…>', 'sequence lengths in tokens, such as 512 or 4K', counts)
    .option(
      '--param <k=v,…>',
      "a mask's parameter and the values to time it with, such as left=128,1K or share=0.1,0.5,1 (repeatable)",
      parameters,
    )
    .option(
      '--lengths <d,…>',
      'distributions of document lengths, as attn-cts list lengths names them; source: as LongCA-bench takes them',
      names,
    )
    .option('--dtype <t,…>', 'dtypes of q, k and v', names)
    .addOption(new Option('--pass <p>', 'passes to time').choices(['forward', 'backward', 'both']))
    .addOption(option('heads'))
    .addOption(option('keyHeads'))
    .addOption(option('dim'))
    .addOption(option('batch'))
    .option('--scheme <s,…>', 'context-parallel schemes to time, with each adapter inside', names)
    .addOption(
      new Option('--transport <t>', 'run the ranks in threads (workers) or as processes of Open MPI (mpi)')
        .choices(['workers', 'mpi'])
        .default('workers'),
    )
    .option('--ranks <n,…>', 'numbers of ranks (default: 2)', ranks)
    .addOption(option('hostfile'))
    .option('--time <s>', 'seconds to spend on each adapter and problem, estimated from the first calls', seconds)
    .option('--samples <n>', 'number of timed calls, instead of --time', positiveInteger)
    .option('--budget <s>', 'seconds for everything: the shortest lengths first; what does not fit is left out, and said', seconds)
    .addOption(option('seed', { help: 'seed of the input values' }))
    .addOption(option('timeout', { default: 60 }))
    .addOption(option('startTimeout', { help: 'seconds that a start, or a first call, may take' }))
    .addOption(option('python'))
    .option('--out <dir>', 'folder for bench.json, which attn-cts report --bench reads', defaults.out)
    .addOption(option('json'))
    .addOption(option('spec'))
    .addHelpText('after', help)
    .action(async (named: string[], flags: BenchFlags) => {
      const { benchAction } = await import('../actions/bench.js');
      finish(await benchAction(withNamed(named, flags)));
    });
}
