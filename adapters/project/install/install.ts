import { existsSync, rmSync, statfsSync } from 'node:fs';
import { Stop } from '../../backends/python/environment/uv.js';
import { makeFolder } from '../../system/make-folder.js';
import { environmentFolderOf, installedPython, installedSource, projectsCache, sourceFolderOf } from '../installed.js';
import { packagesOf } from '../packages.js';
import { type Project, projects } from '../projects.js';
import { makeEnvironment, resolve } from './python.js';
import { takeSource } from './source.js';

export { Stop } from '../../backends/python/environment/uv.js';

export interface InstallSettings {
  /** Folder of checkouts, DIR/OWNER/NAME. */
  readonly sources?: string;
  /** Asks before packages are fetched. Returns false to refuse. */
  confirm(question: string): Promise<boolean>;
  /** Is told of each step. */
  onStep(step: string): void;
}

/** Size of an environment on disk ÷ size of its fetched files, roughly. */
const unpacked = 2.5;

/** Installs the missing parts of a version. @returns false if the user refused. @throws {Stop} */
export async function install(project: Project, version: string | undefined, settings: InstallSettings): Promise<boolean> {
  const { source, python } = project;
  if (python?.package === undefined && !python?.with && !source)
    throw new Stop(`${project.title} cannot be installed here; by hand: ${python?.byHand ?? 'see its homepage'}`);
  const folder = sourceFolderOf(project);
  if (source && folder !== undefined && installedSource(project) === undefined) {
    settings.onStep(
      `${source.repository} at ${source.commit.slice(0, 12)}${source.prepare === undefined ? '' : `, built by: ${source.prepare}`}`,
    );
    await takeSource(source, settings.sources, folder);
  }
  return installedPython(project, version) !== undefined || installPackages(project, version, settings);
}

async function installPackages(project: Project, version: string | undefined, { confirm, onStep }: InstallSettings): Promise<boolean> {
  const packages = packagesOf(project, version);
  const folder = environmentFolderOf(project, version);
  if (packages === undefined || folder === undefined || packages.required.length + packages.alone.length === 0) return true;
  const named = [...packages.alone, ...packages.required].join(', ');
  onStep(`resolving ${named}, as of ${packages.before}`);
  const resolved = await resolve(packages);
  makeFolder(projectsCache());
  const { bavail, bsize } = statfsSync(projectsCache());
  const needed = resolved.bytes * (1 + unpacked);
  if (bavail * bsize < needed)
    throw new Stop(
      `${projectsCache()} has ${size(bavail * bsize)} free, and ${size(needed)} are needed: remove projects by "project remove"`,
    );
  if (!(await confirm(`${resolved.count} packages, ${size(resolved.bytes)} to fetch (less if uv's cache has some). Install?`)))
    return false;
  onStep(`making ${folder}`);
  try {
    await makeEnvironment(resolved, folder);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return true;
}

function size(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`;
}

/** Removes the environments and the source of a project, except shared environments. @returns the folders. */
export function remove(project: Project): string[] {
  const own = versionsOf(project).flatMap((version) => environmentFolderOf(project, version) ?? []);
  const others = [...projects().values()].filter(({ name }) => name !== project.name).flatMap((other) => environmentFolderOf(other) ?? []);
  const source = sourceFolderOf(project);
  const folders = [...own.filter((folder) => !others.includes(folder)), ...(source === undefined ? [] : [source])].filter(existsSync);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  return folders;
}

/** Versions of the document: the history, then the one that is judged by default. */
export function versionsOf({ history = [], python }: Project): string[] {
  return [...history.map(({ version }) => version), ...(python?.version === undefined ? [] : [python.version])];
}

/** Removes the environment of one version. */
export function removeVersion(project: Project, version: string): void {
  const folder = environmentFolderOf(project, version);
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
