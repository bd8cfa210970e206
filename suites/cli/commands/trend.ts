import type { Command } from 'commander';
import type { TrendFlags } from '../actions/trend.js';
import type { Finish } from '../finish.js';
import { option } from '../options.js';

const help = `
A row for each result in which an adapter was judged, the oldest version first. Regressions are checks that passed in the row above and do
not here, fixes the reverse. Accuracy is the largest error ÷ bound of each storage type and output, of the checks that passed.

Examples:
  $ npx attention-cts trend 1.28.json 1.29.json 1.30.json
  $ npx attention-cts trend results/*.json --adapter onnxruntime-mha
  $ npx attention-cts trend results/*.json --json | jq '.[] | {adapter, versions: [.points[].version]}'
  $ npx attention-cts report results/*.json    the same as the history of each implementation's page`;

export function addTrend(program: Command, finish: Finish): void {
  program
    .command('trend')
    .description('Verdicts and accuracy of adapters over several results, such as those of versions of a backend.')
    .argument('<result.json...>', 'results of attn-cts run')
    .option('--adapter <id>', 'only this adapter')
    .addOption(option('json'))
    .addHelpText('after', help)
    .action(async (files: string[], flags: TrendFlags) => {
      const { trendAction } = await import('../actions/trend.js');
      finish(await trendAction(files, flags));
    });
}
