import { join } from 'node:path';
import { removeVersion, Stop } from '../../../../adapters/project/install/install.js';
import { compareVersions, releasedVersions } from '../../../../adapters/project/install/released.js';
import { isInstalled } from '../../../../adapters/project/installed.js';
import type { Project } from '../../../../adapters/project/projects.js';
import { readResult } from '../../../../reports/files/read-result.js';
import { plural } from '../../../../reports/text/plain-text.js';
import { exitCodes, isFailing } from '../../../lib/exit-code.js';
import { UsageError } from '../../../lib/usage-error.js';
import type { Run } from '../../finish.js';
import { type Answer, firstBad } from './first-bad.js';
import { folderOf, lineOf } from './run.js';
import { installed, type ProjectFlags, projectOf, sourcesOf } from './settings.js';

interface BisectFlags extends ProjectFlags {
  readonly check: string;
  readonly good: string;
  readonly bad: string;
}

/** Runs `attn-cts project bisect`. @returns the exit code: 3 if no version can be told. @throws {UsageError} @throws {Stop} */
export async function bisectProject(named: string, rest: readonly string[], flags: BisectFlags, run: Run): Promise<number> {
  const { project } = projectOf(named);
  const name = project.python?.package;
  if (name === undefined) throw new UsageError(`${project.name} has no package of PyPI, and so no versions`);
  if (sourcesOf(project, undefined, flags).length > 1) throw new UsageError(`${project.name} has several kernels: choose one by --entry`);
  const between = (await releasedVersions(name)).filter(
    (version) => compareVersions(version, flags.good) >= 0 && compareVersions(version, flags.bad) <= 0,
  );
  for (const [flag, version] of [
    ['--good', flags.good],
    ['--bad', flags.bad],
  ] as const)
    if (!between.includes(version)) throw new UsageError(`${flag}: PyPI has no final version ${version} of ${name}`);
  process.stderr.write(`${plural(between.length, 'version')} from ${flags.good} to ${flags.bad}\n`);
  const answers = new Map<string, Answer>();
  const found = await firstBad(between, async (version) => {
    const answer = await answerOf(project, version, rest, flags, run);
    answers.set(version, answer);
    process.stdout.write(`${version.padEnd(12)} ${answer}\n`);
    return answer;
  });
  if (found.problem !== undefined) {
    process.stdout.write(`${found.problem}\n`);
    return exitCodes.inconclusive;
  }
  const skipped = found.between.length === 0 ? '' : ` (between them, without an answer: ${found.between.join(', ')})`;
  process.stdout.write(`${flags.check} fails since ${name} ${found.bad}; ${found.good} is the last version in which it passes${skipped}\n`);
  return exitCodes.passed;
}

async function answerOf(project: Project, version: string, rest: readonly string[], flags: BisectFlags, run: Run): Promise<Answer> {
  const out = join(folderOf(project, version, flags), 'bisect');
  const there = isInstalled(project, version);
  try {
    if (!(await installed(project, version, flags))) return 'no answer';
    await run([...lineOf(project, version, rest, flags, out), '--filter', flags.check]);
    const { checks } = await readResult(join(out, 'result.json'));
    const judged = checks.filter(({ verdict }) => verdict === 'pass' || isFailing(verdict));
    if (judged.length === 0) return 'no answer';
    return judged.some(({ verdict }) => isFailing(verdict)) ? 'fails' : 'passes';
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 'no answer';
  } finally {
    if (!there && !flags.keep) removeVersion(project, version);
  }
}
