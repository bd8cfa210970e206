import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atATime } from '../../suites/lib/at-a-time.js';
import { documentOf } from '../hostile/judge.js';
import { secondShard } from '../hostile/seeds.js';
import { madeUp } from '../reports/made-up.js';
import { madeUpBench } from '../reports/made-up-bench.js';

const main = fileURLToPath(new URL('../../dist/suites/cli/main.js', import.meta.url));
/** Milliseconds that a command may take on a busy machine. */
const patience = 180_000;
const quick = ['--runs', '1', '--jobs', '1', '--filter', 'softmax/causal/oracle/f32', '--adapter', 'reference', '--out', 'out'];

interface Command {
  readonly kind: string;
  /** Path of the spoiled document in the folder of the command. */
  readonly file: string;
  readonly args: readonly string[];
}

/** The commands that read a document of a kind. */
const commands: readonly Command[] = [
  { kind: 'result', file: 'd.json', args: ['diff', 'good.json', 'd.json'] },
  { kind: 'result', file: 'd.json', args: ['report', 'd.json', '--out', 'site'] },
  { kind: 'result', file: 'd.json', args: ['merge', 'd.json', 'shard.json', '--out', 'merged/result.json'] },
  { kind: 'failure', file: 'd.json', args: ['replay', 'd.json', '--adapter', 'reference', '--timeout', '5'] },
  { kind: 'corpus', file: 'corpus/d.json', args: ['run', ...quick, '--corpus', 'corpus'] },
  { kind: 'expectations', file: 'd.json', args: ['run', ...quick, '--expectations', 'd.json'] },
  { kind: 'costs', file: 'd.json', args: ['run', ...quick, '--costs', 'd.json', '--shard', '1/2'] },
  { kind: 'journal', file: 'out/journal.jsonl', args: ['run', ...quick, '--resume'] },
  { kind: 'config', file: 'attn-cts.config.json', args: ['run', ...quick] },
  { kind: 'capabilities', file: 'd.json', args: ['vectors', '--capabilities', 'd.json', '--out', 'vectors', '--cases', '1'] },
  { kind: 'wgslManifest', file: 'd.json', args: ['list', 'checks', '--adapter', 'wgsl:d.json'] },
  { kind: 'operator', file: 'spec/operators/d.json', args: ['list', 'operators', '--spec', 'spec'] },
  { kind: 'maskSpec', file: 'spec/masks/d.json', args: ['mask', 'mine', '--n', '8', '--spec', 'spec'] },
  { kind: 'profile', file: 'spec/profiles/d.json', args: ['list', 'profiles', '--spec', 'spec'] },
  { kind: 'scheme', file: 'spec/schemes/d.json', args: ['list', 'schemes', '--spec', 'spec'] },
  { kind: 'cluster', file: 'd.json', args: ['simulate', '--scheme', 'ring', '--ranks', '2', '--tokens', '1K', '--cluster', 'd.json'] },
  { kind: 'bench', file: 'd.json', args: ['diff', 'good.json', 'good.json', '--bench', 'bench.json', '--bench', 'd.json'] },
  { kind: 'power', file: 'd.json', args: ['report', 'good.json', '--power', 'd.json', '--out', 'site'] },
  { kind: 'simulations', file: 'd.json', args: ['report', 'good.json', '--simulate', 'd.json', '--out', 'site'] },
];

/** Characters that a terminal would obey. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
const obeyed = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]/u;

/** Runs each command on so many spoiled documents. @returns what is wrong, in words. */
export async function hostileCommands(each: number): Promise<string[]> {
  const wrong: string[] = [];
  const codes = new Map<number | null, number>();
  const all = commands.flatMap((command) => Array.from({ length: each }, (_, i) => ({ ...command, number: 1_000_000 + i })));
  await atATime(all, 2, async (command) => {
    const { code, problem } = await faultOf(command, command.number);
    codes.set(code, (codes.get(code) ?? 0) + 1);
    if (problem !== undefined) wrong.push(`attn-cts ${command.args.join(' ')} on ${command.kind} ${command.number}: ${problem}`);
  });
  const counts = [...codes].sort(([a], [b]) => Number(a) - Number(b)).map(([code, count]) => `${count} with exit ${code}`);
  console.log(`  ${all.length} commands on spoiled documents: ${counts.join(', ')}; ${wrong.length} WRONG`);
  return wrong;
}

async function faultOf({ kind, file, args }: Command, number: number): Promise<{ code: number | null; problem?: string }> {
  const root = mkdtempSync(join(tmpdir(), 'attention-cts-hostile-'));
  const home = join(root, 'home');
  try {
    mkdirSync(dirname(join(home, file)), { recursive: true });
    writeFileSync(join(root, 'canary'), 'as it was');
    writeFileSync(join(home, 'good.json'), JSON.stringify(madeUp));
    writeFileSync(join(home, 'shard.json'), JSON.stringify(secondShard));
    writeFileSync(join(home, 'bench.json'), JSON.stringify(madeUpBench));
    writeFileSync(join(home, file), documentOf(kind, number));
    const { code, printed } = await run(args, home);
    const problems = [
      ...(code === null ? [`it did not end within ${patience / 1000} s`] : []),
      ...(/fault of attention-cts|\n {4}at .*:\d+:\d+/.test(printed) ? [`a stack: ${printed.slice(-600)}`] : []),
      ...(obeyed.test(printed) ? ['it printed what a terminal obeys'] : []),
      ...(code === 2 && !/^error: \S/m.test(printed) ? [`exit 2 without a word why: ${printed.slice(0, 300)}`] : []),
      ...(readdirSync(root).sort().join() === 'canary,home' && readFileSync(join(root, 'canary'), 'utf8') === 'as it was'
        ? []
        : ['something was written outside the folder']),
    ];
    return { code, ...(problems.length > 0 && { problem: problems.join('; ') }) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function run(args: readonly string[], cwd: string): Promise<{ code: number | null; printed: string }> {
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-1_000_000);
    });
  }
  return new Promise((done) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), patience);
    child.once('close', (code) => {
      clearTimeout(timer);
      done({ code, printed });
    });
  });
}
