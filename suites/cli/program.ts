import { Command } from 'commander';
import { exitCodes } from '../exit-code.js';
import { version } from '../version.js';
import { addBench } from './commands/bench.js';
import { addDiff } from './commands/diff.js';
import { addInit } from './commands/init.js';
import { addList } from './commands/list.js';
import { addMask } from './commands/mask.js';
import { addMerge } from './commands/merge.js';
import { addPower } from './commands/power.js';
import { addProbe } from './commands/probe.js';
import { addRank } from './commands/rank.js';
import { addReplay } from './commands/replay.js';
import { addReport } from './commands/report.js';
import { addRun } from './commands/run.js';
import { addServe } from './commands/serve.js';
import { addSimulate } from './commands/simulate.js';
import { addVectors } from './commands/vectors.js';
import { reportError } from './errors.js';
import type { Finish } from './finish.js';

const help = `
Examples:
  $ attn-cts run                              judge every adapter that is available here
  $ attn-cts run ./kernel.ts                  judge a kernel of your own
  $ attn-cts init --kind wgsl                 write one to start from
  $ attn-cts list checks --adapter reference  what would be asked
  $ attn-cts mask sliding-window --param left=2 --param right=0

Exit codes: 0 passed · 1 an unexpected failure, or an expected one that passed · 2 usage or document error · 3 inconclusive`;

/** The command line: definitions only. What a command does is imported when it is called, so that --help answers at once. */
export function createProgram(finish: Finish): Command {
  const program = new Command('attn-cts')
    .description(
      'A conformance test suite for attention kernels: what a kernel computes, where it departs from the specification, and the smallest input that shows it.',
    )
    .version(version)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(nameFirst(text)) })
    .showSuggestionAfterError()
    .showHelpAfterError('(add --help for what is allowed)')
    .addHelpText('after', help);
  addRun(program, finish);
  addReplay(program, finish);
  addReport(program, finish);
  addBench(program, finish);
  addProbe(program, finish);
  addInit(program, finish);
  addList(program, finish);
  addMask(program, finish);
  addPower(program, finish);
  addSimulate(program, finish);
  addDiff(program, finish);
  addMerge(program, finish);
  addVectors(program, finish);
  addServe(program, finish);
  addRank(program);
  return program;
}

/** Runs a command line. @returns the exit code; whatever is wrong has been said on stderr. */
export async function runProgram(args: readonly string[]): Promise<number> {
  let code: number = exitCodes.passed;
  try {
    await createProgram((finished) => {
      code = finished;
    }).parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return reportError(error, (text) => process.stderr.write(text));
  }
}

/** `--runs: found "x", must be …` in place of commander's "option '--runs <n>' argument 'x' is invalid. found "x", must be …". */
function nameFirst(message: string): string {
  return message.replace(/option '(--[\w-]+) [^']*' argument '.*?' is invalid\. (?=found |it is called )/s, '$1: ');
}
