import type { Command } from 'commander';
import type { Finish } from '../finish.js';
import { option } from '../options.js';

const help = `
audit PATH...              what is wrong with Definitions, those of flashinfer-bench and those that flashinfer writes of its calls
  --references             also run each Definition's reference, which is code of the file, and hold it to the oracle (PyTorch)
  --json                   print one document (spec/schema/flashinfer-audit.schema.json): the operator that each Definition is of, with its
                           sizes, masks and conventions, or why it is of none; and the findings
  --runs N, --time-limit SECONDS (for each reference), --sarif FILE
judge SOLUTION...          hold kernels to what their Definition means
  --definition FILE        the Definition; --workloads FILE: page tables and lengths to judge them on as well
  --trace FILE             append a Trace for each workload
  --profile, --filter, --runs, --seed, --time-limit, --json

Both run in Python, in the interpreter that --python names or the first that has what is needed: NumPy, and PyTorch where code is run.
Exit codes: 0 nothing was found · 1 something was · 2 it cannot be run · 3 inconclusive

Examples:
  $ npx attention-cts flashinfer audit definitions/ --sarif findings.sarif
  $ npx attention-cts flashinfer audit definitions/gqa_paged --references
  $ npx attention-cts flashinfer judge solution.json --definition definition.json --workloads workloads.jsonl --trace traces.jsonl`;

export function addFlashinfer(program: Command, finish: Finish): void {
  program
    .command('flashinfer')
    .description("Audit FlashInfer's Definitions, and judge the kernels that claim to solve them.")
    .argument('<command...>', 'audit or judge, and what these take')
    .addOption(option('python'))
    .allowUnknownOption()
    .addHelpText('after', help)
    .action(async (given: string[], { python }: { readonly python?: string }) => {
      const { pythonModuleAction } = await import('../actions/python-module.js');
      const runs = given[0] === 'judge' || given.includes('--references');
      finish(await pythonModuleAction('attn_cts.flashinfer', given, runs ? ['numpy', 'torch'] : ['numpy'], python));
    });
}
