import { type Command, Option } from 'commander';
import { UsageError } from '../../lib/usage-error.js';
import type { Finish } from '../finish.js';
import { option } from '../options.js';
import { addRunOptions } from './run.js';

const help = `
A kernel is whatever run takes: kernel.py:function, kernel.wgsl, a manifest, a command. The checks that are most likely to fail come first, so
that a short --time-limit tells most; what was not run is listed, and the verdict is then inconclusive unless a check failed.

--json prints one document of at most 200 lines (spec/schema/kernel-verdict.schema.json): the verdict, how many checks passed, causes with
the smallest case and its numbers, and the next command. A command that ends before it has judged anything, by a mistake in its line or by
Ctrl-C, prints one that says so (error). Exit codes are those of run.

With --solution the argument is a problem in KernelBench's form, a Python file with Model, get_inputs and get_init_inputs, and the solution a
file with ModelNew. Each runs in a process of its own, on inputs and parameters drawn by --seed. Where Model is attention of q, k and v, the
suite's values and bounds judge it; else a float64 run of Model with a running error analysis, and the verdict says that it is of this weaker
kind. An operation without a known bound makes the verdict inconclusive, and is named. No time is measured. It needs Python with PyTorch.
--json prints spec/schema/problem-verdict.schema.json, --form the document of KernelBench or FlashInfer-Bench.

Examples:
  $ npx attention-cts judge python:kernel.py:attention --json
  $ npx attention-cts judge python:kernel.py:attention --json --time-limit 30
  $ npx attention-cts judge ./kernel.ts --profile core --runs 20
  $ npx attention-cts judge problem.py --solution new.py --form kernelbench`;

const forms = ['attention-cts', 'kernelbench', 'flashinfer-bench'];

interface ProblemFlags {
  readonly solution?: readonly string[];
  readonly form?: string;
  readonly device?: string;
  readonly json?: boolean;
  readonly runs?: number;
  readonly seed?: number;
  readonly timeLimit?: number;
  readonly python?: string;
}

export function addJudge(program: Command, finish: Finish): void {
  const command = program
    .command('judge')
    .description('Judge one kernel and print a short verdict, for a program or an agent with --json.')
    .argument('<kernel...>', 'kernel, as --adapter of run takes it')
    .addOption(option('json'))
    .addOption(new Option('--solution <file...>', 'the kernel is a problem with Model, the file a solution with ModelNew'))
    .addOption(new Option('--form <name>', 'with --solution: print a document in this form').choices(forms))
    .addOption(new Option('--device <name>', 'with --solution: device of PyTorch that ModelNew runs on (default: cpu)'));
  const flagsOf = addRunOptions(command);
  command.addHelpText('after', help).action(async (named: string[], { json, ...given }: Readonly<Record<string, unknown>>) => {
    if (given.solution !== undefined) return finish(await judgeProblem(named, { ...given, json: json === true }));
    if (given.form !== undefined || given.device !== undefined) throw new UsageError('--form and --device: add --solution FILE');
    const { runAction } = await import('../actions/run.js');
    const flags = flagsOf(named, given);
    if (json !== true) return finish(await runAction(flags, { likelyFirst: true }));
    const { printInterrupted, printUnjudged } = await import('../text/unjudged.js');
    let isTold = false;
    const events = {
      onReport: () => {
        isTold = true;
      },
      onInterrupted: () => {
        if (!isTold) printInterrupted();
      },
    };
    try {
      finish(await runAction({ ...flags, reporters: [...(flags.reporters ?? []), 'verdict'] }, { likelyFirst: true, ...events }));
    } catch (error) {
      if (!isTold) printUnjudged(error);
      throw error;
    }
  });
}

async function judgeProblem(named: readonly string[], flags: ProblemFlags): Promise<number> {
  const [problem, ...others] = named;
  if (problem === undefined || others.length > 0)
    throw new UsageError(`found ${named.length} problems, --solution takes one: judge problem.py --solution a.py b.py`);
  const { pythonModuleAction } = await import('../actions/python-module.js');
  const { form, device, runs, seed, timeLimit } = flags;
  const values = Object.entries({ form, device, runs, seed, 'time-limit': timeLimit });
  const given = [
    problem,
    ...(flags.solution ?? []).flatMap((file) => ['--solution', file]),
    ...(flags.json === true ? ['--json'] : []),
    ...values.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)])),
  ];
  return pythonModuleAction('attn_cts.problems', given, ['numpy', 'torch'], flags.python);
}
