import { createInterface } from 'node:readline/promises';
import { type InstallSettings, install } from '../../../../adapters/project/install/install.js';
import { type Project, projectNamed, UnknownProject, versionedOf } from '../../../../adapters/project/projects.js';
import { nearestNames } from '../../../../spec/lib/nearest.js';
import { UsageError } from '../../../lib/usage-error.js';

/** Flags of the subcommands of `attn-cts project`. */
export interface ProjectFlags {
  readonly sources?: string;
  readonly yes?: boolean;
  readonly entry?: string;
  readonly out: string;
  readonly keep?: boolean;
}

/** Splits NAME[@VERSION]. @throws {UsageError} naming the nearest project. */
export function projectOf(text: string): { readonly project: Project; readonly version?: string } {
  const { name, version } = versionedOf(text);
  try {
    const project = projectNamed(name);
    if (version !== undefined && project.python?.package === undefined)
      throw new UsageError(`${name} has no versions: its document names no package of PyPI`);
    return { project, ...(version !== undefined && { version }) };
  } catch (error) {
    throw error instanceof UnknownProject ? new UsageError(error.message) : error;
  }
}

/** Returns the ids of the kernels to judge, with the version. @throws {UsageError} for an unknown --entry. */
export function sourcesOf({ name, entries }: Project, version: string | undefined, { entry }: ProjectFlags): string[] {
  const ids = Object.keys(entries);
  if (entry !== undefined && !ids.includes(entry)) throw new UsageError(`--entry: ${name} has no ${entry}; ${nearestNames(entry, ids)}`);
  return (entry === undefined ? ids : [entry]).map((id) => (version === undefined ? id : `${id}@${version}`));
}

/** Installs a version, and says each step. @returns false if the user refused. */
export function installed(project: Project, version: string | undefined, flags: ProjectFlags): Promise<boolean> {
  return install(project, version, settingsOf(flags));
}

function settingsOf({ sources, yes }: ProjectFlags): InstallSettings {
  return {
    ...(sources !== undefined && { sources }),
    onStep: (step) => void process.stderr.write(`${step}\n`),
    async confirm(question) {
      if (yes) return true;
      if (!process.stdin.isTTY) throw new UsageError(`${question} There is no terminal to ask: add --yes`);
      const terminal = createInterface({ input: process.stdin, output: process.stderr });
      const answer = await terminal.question(`${question} [y/N] `);
      terminal.close();
      return /^y(es)?$/i.test(answer.trim());
    },
  };
}
