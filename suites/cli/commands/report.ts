import type { Command } from 'commander';
import type { ReportFlags } from '../actions/report.js';
import { defaults } from '../defaults.js';
import type { Finish } from '../program.js';
import { collect } from '../values.js';

const help = `
The site needs no server and no network: open index.html in it, or put the folder wherever pages are served. Several results,
of other machines, versions or devices, stand side by side. What the failure folders beside a result hold is drawn.

Examples:
  $ attn-cts report attn-cts-out/result.json
  $ attn-cts report cpu/result.json gpu/result.json --out site --title 'Two machines'
  $ attn-cts report result.json --adapter mine=./kernel.ts    the lines to paste name the kernel
  $ attn-cts power --json > power.json && attn-cts report result.json --power power.json`;

export function addReport(program: Command, finish: Finish): void {
  program
    .command('report')
    .description('Write results as a static site: matrix, failures with pictures, dialects, features, accuracy.')
    .argument('<result.json...>', 'what attn-cts run wrote')
    .option('--out <dir>', `the folder of the site (default: ${defaults.site})`)
    .option('--title <text>', 'what stands at its top')
    .option('--adapter <id=a>', 'what --adapter named, of a kernel of your own', collect)
    .option('--power <file>', 'what attn-cts power --json printed')
    .addHelpText('after', help)
    .action(async (files: string[], flags: ReportFlags) => {
      const { reportAction } = await import('../actions/report.js');
      finish(await reportAction(files, flags));
    });
}
