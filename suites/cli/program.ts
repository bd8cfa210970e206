import { Command, CommanderError } from 'commander';
import { exitCodes } from '../lib/exit-code.js';
import { version } from '../lib/version.js';
import { commands } from './commands/index.js';
import { nameFirst, reportError } from './errors.js';
import type { Finish } from './finish.js';

const help = `
Examples:
  $ npx attention-cts run --quick                      judge the backends that start at once, in a minute
  $ npx attention-cts run                              judge every adapter that is available here
  $ npx attention-cts run kernel.py                    judge your own kernel: .py, .onnx, .ts, or .wgsl, .cpp, .cu, .so beside its manifest
  $ npx attention-cts replay attn-cts-out/failures/my-kernel/softmax_causal_oracle_f32 --adapter kernel.py
  $ npx attention-cts init --kind wgsl                 write a kernel to start from
  $ npx attention-cts list checks --adapter reference  list the checks that a run would make
  $ npx attention-cts mask sliding-window --param left=2 --param right=0

Exit codes: 0 passed · 1 an unexpected failure, or an expected failure that now passes · 2 wrong usage, configuration or
document · 3 inconclusive`;

/** Defines the command line. Actions are imported when called, so that --help answers at once. */
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
  for (const add of commands) add(program, finish, runProgram);
  return program;
}

/** Runs a command line, printing errors to stderr. @returns the exit code. */
export async function runProgram(args: readonly string[]): Promise<number> {
  let code: number = exitCodes.passed;
  try {
    await createProgram((finished) => {
      code = finished;
    }).parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    // commander refused the line, so the command itself cannot print its JSON
    if (error instanceof CommanderError && error.exitCode !== 0 && args[0] === 'judge' && args.includes('--json'))
      (await import('./text/unjudged.js')).printUnjudged(error);
    return reportError(error, (text) => process.stderr.write(text));
  }
}
