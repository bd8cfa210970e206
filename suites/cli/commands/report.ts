import type { Command } from 'commander';
import { benchReporters } from '../../../reports/bench/reporters.js';
import type { ReportFlags } from '../actions/report.js';
import { defaults } from '../defaults.js';
import type { Finish } from '../finish.js';
import { option } from '../options.js';
import { collect } from '../values.js';

const reporterHelp = Object.entries(benchReporters)
  .map(([name, { title }]) => `  ${name.padEnd(10)}${title}`)
  .join('\n');

const help = `
Reporters of timings, with --bench and without results:
${reporterHelp}

The site needs no server and no network: open its index.html, or serve the folder. Several results, such as those of different machines
or versions, are shown side by side; several of one adapter are its history. The failure folders beside a result are copied into the site,
their tensors if they have up to 2 MiB, and those of the first 200 failures of each result are drawn as pictures. implementations.json in
the folder says what the site says, for others to embed (spec/schema/implementations.schema.json). Without results, --bench and --simulate
make a site of their own.

Examples:
  $ npx attention-cts report attn-cts-out/result.json
  $ npx attention-cts report cpu/result.json gpu/result.json --out site --title 'Two machines'
  $ npx attention-cts report result.json --adapter mine=./kernel.ts    replay lines name the kernel
  $ npx attention-cts report result.json --expectations known-failures.json    causes say why, with a link
  $ npx attention-cts report result.json --bench bench.json --simulate sweep.json
  $ npx attention-cts report --bench attn-cts-out/bench.json    a site of timings alone
  $ npx attention-cts report --bench bench.json --reporter markdown --reporter csv=timings.csv --reporter svg=timings.svg
  $ npx attention-cts power --json > power.json && npx attention-cts report result.json --power power.json`;

export function addReport(program: Command, finish: Finish): void {
  program
    .command('report')
    .description(
      'Write results as a static web site: implementations, causes of failures with pictures, matrix, dialects, accuracy, timings.',
    )
    .argument('[result.json...]', 'results of attn-cts run')
    .option('--out <dir>', `folder for the site (default: ${defaults.site})`)
    .option('--title <text>', 'title of the site')
    .addOption(option('adapterSource', { help: 'source of your own adapter, for replay lines' }))
    .addOption(option('expectations', { help: 'file of known failures: the site says why they fail' }))
    .option('--power <file>', 'output of attn-cts power --json')
    .option('--bench <file>', 'bench.json of attn-cts bench (repeatable)', collect)
    .addOption(
      option('reporters', {
        help: 'write timings as text instead of a site, to standard output or to a file',
        without: 'a site',
        default: undefined,
      }),
    )
    .option('--simulate <file>', 'output of attn-cts simulate --json (repeatable)', collect)
    .option('--no-files', 'do not copy failure folders into the site')
    .addHelpText('after', help)
    .action(async (files: string[], flags: ReportFlags) => {
      const { reportAction } = await import('../actions/report.js');
      finish(await reportAction(files, flags));
    });
}
