import type { Command } from 'commander';
import type { ReportFlags } from '../actions/report.js';
import { defaults } from '../defaults.js';
import type { Finish } from '../finish.js';
import { collect } from '../values.js';

const help = `
The site needs no server and no network: open index.html in it, or put the folder wherever pages are served. Several results,
of other machines, versions or devices, stand side by side. What the failure folders beside a result hold is drawn, and copied into the site
where it is small: up to 2 MiB each, of the first 200 failures of a result.

Examples:
  $ npx attn-cts report attn-cts-out/result.json
  $ npx attn-cts report cpu/result.json gpu/result.json --out site --title 'Two machines'
  $ npx attn-cts report result.json --adapter mine=./kernel.ts    the lines to paste name the kernel
  $ npx attn-cts report result.json --bench bench.json --simulate sweep.json
  $ npx attn-cts power --json > power.json && npx attn-cts report result.json --power power.json`;

export function addReport(program: Command, finish: Finish): void {
  program
    .command('report')
    .description('Write results as a static site: matrix, failures with pictures, dialects, features, accuracy, timings.')
    .argument('<result.json...>', 'what attn-cts run wrote')
    .option('--out <dir>', `the folder of the site (default: ${defaults.site})`)
    .option('--title <text>', 'what stands at its top')
    .option('--adapter <id=a>', 'what --adapter named, of a kernel of your own', collect)
    .option('--power <file>', 'what attn-cts power --json printed')
    .option('--bench <file>', 'what attn-cts bench wrote: timings', collect)
    .option('--simulate <file>', 'what attn-cts simulate --json printed: schemes on a cluster', collect)
    .option('--no-files', 'copy no failure folders into the site')
    .addHelpText('after', help)
    .action(async (files: string[], flags: ReportFlags) => {
      const { reportAction } = await import('../actions/report.js');
      finish(await reportAction(files, flags));
    });
}
