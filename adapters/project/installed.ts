import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { interpreterIn, wholeMark } from '../backends/python/environment/environment.js';
import { userCache } from '../system/cache-folder.js';
import { environmentName, packagesOf } from './packages.js';
import type { Project } from './projects.js';

/** Folder of everything that `project install` fetches. */
export function projectsCache(): string {
  return join(userCache(), 'projects');
}

/** Folder of the Python environment of a version, made or not; undefined without packages. */
export function environmentFolderOf(project: Project, version?: string): string | undefined {
  const packages = packagesOf(project, version);
  return packages && join(projectsCache(), 'python', environmentName(packages));
}

/** Interpreter of a version's environment; undefined until it is installed. */
export function installedPython(project: Project, version?: string): string | undefined {
  const folder = environmentFolderOf(project, version);
  return folder !== undefined && existsSync(join(folder, wholeMark)) ? interpreterIn(folder) : undefined;
}

/** Folder of a project's source at its commit, taken or not; undefined without a source. */
export function sourceFolderOf({ source, name }: Project): string | undefined {
  return source && join(projectsCache(), 'sources', `${name}-${source.commit.slice(0, 12)}`);
}

/** Folder of the source that is ready; undefined until it is installed. */
export function installedSource(project: Project): string | undefined {
  const folder = sourceFolderOf(project);
  return folder !== undefined && existsSync(join(folder, project.source?.holds as string)) ? folder : undefined;
}

/** True if each part of a version is there. */
export function isInstalled(project: Project, version?: string): boolean {
  return (
    (project.python === undefined || installedPython(project, version) !== undefined) &&
    (project.source === undefined || installedSource(project) !== undefined)
  );
}
