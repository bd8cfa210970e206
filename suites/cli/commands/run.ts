import { type Command, InvalidArgumentError, Option } from 'commander';
import { kinds } from '../../../adapters/sources.js';
import { reporters } from '../../../reports/index.js';
import { withNamed } from '../adapter-sources.js';
import type { Finish } from '../finish.js';
import { entriesOfOptions, option, type RunFlags } from '../options.js';

const kindsHelp = Object.entries(kinds)
  .map(([kind, { argument, what }]) => `  ${`${kind}:${argument}`.padEnd(26)}${what}`)
  .join('\n');

const reportersHelp = Object.entries(reporters)
  .map(([name, { title }]) => `  ${name.padEnd(26)}${title}`)
  .join('\n');

const help = `
Options can also be set in attn-cts.config.ts, .js, .mjs or .json in the working folder; a flag overrides the file.

An adapter is a built-in id (attn-cts list adapters), or the file of a kernel, whose ending says what it is: kernel.py, model.onnx,
./kernel.ts or ./kernel.js (a module that exports an adapter), kernel.wgsl, kernel.cpp, kernel.cu or libkernel.so (with the manifest
that names it in the same folder), or the manifest, kernel.json. Or with its kind in front:
${kindsHelp}

A run prints a line for each adapter as it ends, and at its end at most 40 lines: a row for each adapter, then the causes of its failures
(those with one diagnosis are told once, by their smallest case), then what else matters. --verbose leaves nothing out; the result is in
--out, for attn-cts report. Ctrl-C ends a run: the results so far are printed and kept, and --resume continues from there.

--reporter takes one of
${reportersHelp}

A check's id is operator[+feature]/mask/property/dtype. In a glob, * matches within one segment and ** across segments;
adapter:: in front limits it to one adapter.

Examples:
  $ npx attention-cts run kernel.py --quick                     two cases per check: the coarse faults, in less than a minute
  $ npx attention-cts run ./kernel.ts --profile core
  $ npx attention-cts run kernel.wgsl                           the shader that kernel.json beside it describes
  $ npx attention-cts run --adapter python:kernel.py:attention --python /usr/bin/python3
  $ npx attention-cts run --adapter native:./kernel.json --adapter 'process:"python3 serve.py"'
  $ npx attention-cts run --adapter tfjs-wasm --filter 'softmax*/**/gradient/*'
  $ npx attention-cts run --adapter ./kernel.js --dialect causal=top-left
  $ npx attention-cts run --expectations known.json --reporter terminal --reporter junit=junit.xml
  $ npx attention-cts run --expectations known.json --update-expectations
  $ npx attention-cts run --corpus failures --runs 500          a nightly run that saves its failures for later runs to try first
  $ npx attention-cts run --shard 2/3 --costs costs.json --out shard-2
  $ npx attention-cts run --reporter github --reporter markdown=summary.md --reporter sarif=kernel.sarif --reporter badges=badges
  $ npx attention-cts run --profile parallel                    every scheme, simulated, with the reference kernel inside
  $ npx attention-cts run --profile parallel --adapter native --scheme ring-zigzag --transport mpi --ranks 2,4
  $ npx attention-cts run --adapter ./kernel.js --hunt 60       a minute of guided search, shared among the checks that judge by bounds
  $ npx attention-cts run --runs 1000 --seed random --time-limit 600 --allow-incomplete`;

export function addRun(program: Command, finish: Finish): void {
  const command = program
    .command('run')
    .description('Judge adapters against the specification.')
    .argument('[adapter...]', 'same as --adapter');
  const flagsOf = addRunOptions(command);
  command
    .addOption(renamed('--apart <n>', '--slow'))
    .addHelpText('after', help)
    .action(async (named: string[], given: Readonly<Record<string, unknown>>) => {
      const { runAction } = await import('../actions/run.js');
      finish(await runAction(flagsOf(named, given)));
    });
}

/** Adds every option of `run`. @returns a function from parsed options to the run's flags. */
export function addRunOptions(command: Command): (named: readonly string[], given: Readonly<Record<string, unknown>>) => RunFlags {
  const keys = new Map<string, keyof RunFlags>();
  for (const [key] of entriesOfOptions()) {
    const own = option(key);
    keys.set(own.attributeName(), key);
    command.addOption(own);
  }
  return (named, given) => {
    const flags = Object.entries(withNamed(named, given)).map(([name, value]) => [keys.get(name) ?? name, value]);
    return Object.fromEntries(flags) as RunFlags;
  };
}

/** Defines a former name of an option; using it prints the new name. */
function renamed(flags: string, name: string): Option {
  return new Option(flags).hideHelp().argParser(() => {
    throw new InvalidArgumentError(`it is called ${name} now`);
  });
}
