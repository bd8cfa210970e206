import { type Command, InvalidArgumentError, Option } from 'commander';
import { kinds } from '../../../adapters/sources.js';
import { reporters } from '../../../reports/index.js';
import type { Finish } from '../finish.js';
import { withNamed } from '../named-adapters.js';
import { entriesOfOptions, helpOf, type RunFlags } from '../options.js';

const kindsHelp = Object.entries(kinds)
  .map(([kind, { argument, what }]) => `  ${`${kind}:${argument}`.padEnd(26)}${what}`)
  .join('\n');

const reportersHelp = Object.entries(reporters)
  .map(([name, { title }]) => `  ${name.padEnd(26)}${title}`)
  .join('\n');

const help = `
Options can also be set in attn-cts.config.ts, .js, .mjs or .json in the working folder; a flag overrides the file.

--adapter takes a built-in id (attn-cts list adapters), a module that exports an adapter (./kernel.ts, ./kernel.js), or
${kindsHelp}

--reporter takes one of
${reportersHelp}

A check's id is operator[+feature]/mask/property/dtype. In a glob, * matches within one segment and ** across segments;
adapter:: in front limits it to one adapter.

Examples:
  $ npx attn-cts run ./kernel.ts --profile core
  $ npx attn-cts run --adapter python:kernel.py:attention --python /usr/bin/python3
  $ npx attn-cts run --adapter native:./kernel.json --adapter 'process:"python3 serve.py"'
  $ npx attn-cts run --adapter tfjs-wasm --filter 'softmax*/**/gradient/*'
  $ npx attn-cts run --adapter ./kernel.js --dialect causal=top-left
  $ npx attn-cts run --expectations known.json --reporter terminal --reporter junit=junit.xml
  $ npx attn-cts run --expectations known.json --update-expectations
  $ npx attn-cts run --corpus failures --runs 500          a nightly run that saves its failures for later runs to try first
  $ npx attn-cts run --shard 2/3 --costs costs.json --out shard-2
  $ npx attn-cts run --reporter github --reporter markdown=summary.md --reporter sarif=kernel.sarif --reporter badges=badges
  $ npx attn-cts run --profile parallel                    every scheme, simulated, with the reference kernel inside
  $ npx attn-cts run --profile parallel --adapter native --scheme ring-zigzag --transport mpi --ranks 2,4
  $ npx attn-cts run --adapter ./kernel.js --hunt 60       a minute of guided search, shared among the checks that judge by bounds
  $ npx attn-cts run --runs 1000 --seed random --time-limit 600 --allow-incomplete`;

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

/** Adds every option of `run` to a command. @returns what makes the run's flags of those that the command was given. */
export function addRunOptions(command: Command): (named: readonly string[], given: Readonly<Record<string, unknown>>) => RunFlags {
  const keys = new Map<string, keyof RunFlags>();
  for (const [key, option] of entriesOfOptions()) {
    const own = optionOf(option);
    keys.set(own.attributeName(), key);
    command.addOption(own);
  }
  return (named, given) => {
    const flags = Object.entries(withNamed(named, given)).map(([name, value]) => [keys.get(name) ?? name, value]);
    return Object.fromEntries(flags) as RunFlags;
  };
}

function optionOf(described: ReturnType<typeof entriesOfOptions>[number][1]): Option {
  const option = new Option(described.flag, helpOf(described));
  if (described.parse) option.argParser(described.parse);
  return described.choices ? option.choices(described.choices) : option;
}

/** An option under the name that it had in an earlier edition: given, it says what it is called. */
function renamed(flags: string, name: string): Option {
  return new Option(flags).hideHelp().argParser(() => {
    throw new InvalidArgumentError(`it is called ${name} now`);
  });
}
