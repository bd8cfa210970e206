import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Adapter } from '../adapter.js';
import type { IsTaken } from '../backends/module/check-adapter.js';
import { Unavailable } from '../kernel.js';
import { kernelFile } from '../kernel-file.js';
import type { LoadOptions } from '../load-options.js';
import { kinds } from '../sources.js';
import { asset } from '../system/assets.js';
import { installedPython, installedSource } from './installed.js';
import { modulesOf } from './packages.js';
import type { Entry, Project } from './projects.js';

/** Folder of Python modules that the glue of several projects shares. */
const shared = asset('adapters/projects/lib');

/**
 * Loads an entry in its project's environment, or in a Python that has its modules.
 * @param version of the project, which must be installed; default: that of its document.
 * @throws {Unavailable} with the command that installs it.
 */
export async function loadEntry(entry: Entry, version: string | undefined, options: LoadOptions, isTaken: IsTaken): Promise<Adapter> {
  const { project, kernel } = entry;
  const { source } = project;
  const folder = installedSource(project);
  if (source !== undefined && folder === undefined)
    throw new Unavailable(
      `${project.title} is not on this machine: ${source.repository} at ${source.commit.slice(0, 12)}`,
      remedyOf(project),
    );
  if (kernel.endsWith('.json')) return loadManifest(placed(project, folder as string, kernel), options, isTaken);
  const own = version === undefined ? installedPython(project) : requiredPython(project, version);
  const python = options.python ?? own;
  const { loadGlue } = await import('../backends/python/index.js');
  return loadGlue(
    { id: entry.id, target: join(project.folder, kernel), remedy: remedyOf(project, version) },
    {
      modules: project.python === undefined ? [] : modulesOf(project.python),
      folders: [shared, ...(folder === undefined ? [] : [folder])],
      environment: { ...project.environment, ...(source !== undefined && { ATTN_CTS_COMMIT: source.commit.slice(0, 12) }) },
    },
    { ...options, ...(python !== undefined && { python }) },
  );
}

function requiredPython(project: Project, version: string): string {
  const python = installedPython(project, version);
  if (python === undefined) throw new Unavailable(`${project.name} ${version} is not installed`, remedyOf(project, version));
  return python;
}

/** Returns the command that installs a project. */
function remedyOf({ name, python, source }: Project, version?: string): string {
  const install = `npx attention-cts project install ${version === undefined ? name : `${name}@${version}`}`;
  if (source !== undefined) return `git clone ${source.repository} DIR/${repositoryPath(source.repository)}, then ${install} --sources DIR`;
  if (python?.package === undefined && python?.byHand !== undefined) return python.byHand;
  return install;
}

/** OWNER/NAME of a repository's address. */
export function repositoryPath(repository: string): string {
  return new URL(repository).pathname.slice(1);
}

function loadManifest(path: string, options: LoadOptions, isTaken: IsTaken): Promise<Adapter> {
  const { kind } = kernelFile(path) as { readonly kind: string };
  return kinds[kind].load(path, options, isTaken);
}

/** Copies the glue beside the source, so that its paths begin there. Returns the path of a file of it. */
function placed({ folder }: Project, source: string, file: string): string {
  const beside = join(source, 'attention-cts');
  mkdirSync(beside, { recursive: true });
  for (const name of readdirSync(folder)) {
    const [from, to] = [join(folder, name), join(beside, name)];
    if (existsSync(to) && readFileSync(to).equals(readFileSync(from))) continue;
    const unfinished = `${to}.${process.pid}`;
    copyFileSync(from, unfinished);
    renameSync(unfinished, to);
  }
  return join(beside, file);
}
