import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A run of one check that fails. */
export interface FailingRun {
  /** Argument of `--adapter`, as it is typed in the repository. */
  readonly adapter: string;
  readonly filter: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The command of a run and what it prints of its failure, its tensors aside, as a Markdown block. @throws {Error} with all that it prints if nothing fails. */
export function failureShown({ adapter, filter, env = {} }: FailingRun): string {
  const out = mkdtempSync(join(tmpdir(), 'attn-failure-'));
  try {
    const flags = ['run', '--adapter', adapter, '--filter', filter];
    const { stdout, stderr } = spawnSync(process.execPath, ['dist/suites/cli/main.js', ...flags, '--out', out], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', ...env },
    });
    const lines = failureOf(stdout);
    if (lines.length === 0) throw new Error(`no failure of ${adapter} was found:\n${stdout}\n${stderr}`);
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value} `);
    const command = `$ ${variables.join('')}npx attention-cts run --adapter ${adapter} --filter '${filter}'`;
    return ['```text', command, '', ...lines.map((line) => line.replaceAll(out, 'attn-cts-out')), '```'].join('\n');
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Lines of the first failure of a run's summary, without those that show tensors or its worst case. */
export function failureOf(stdout: string): string[] {
  const lines = stdout.split('\n');
  const first = lines.findIndex((line) => /^fail /.test(line));
  if (first < 0) return [];
  const after = lines.findIndex((line, at) => at > first && !/^ {2}/.test(line));
  return lines
    .slice(first, after < 0 ? undefined : after)
    .filter((line) => !/^ {2}(?:\S+ (?:\S+ )?\s*\[[\d, ]+\] \w+:|worst |first )/.test(line));
}
