import { createHash } from 'node:crypto';
import type { PythonPackages } from '../../spec/types/documents.js';
import type { Project } from './projects.js';

/** Packages of one version of a project, as an environment has them. */
export interface Packages {
  /** Requirements with exact versions. */
  readonly required: readonly string[];
  /** Requirements whose own requirements are left out. */
  readonly alone: readonly string[];
  readonly built: readonly string[];
  readonly buildEnvironment: Readonly<Record<string, string>>;
  /** Day from which on uploads are ignored, YYYY-MM-DD. */
  readonly before: string;
  readonly interpreter?: string;
}

/** Returns the packages of a version, by default that of `python`; undefined without `python`. */
export function packagesOf({ python, history = [] }: Project, version = python?.version): Packages | undefined {
  if (python === undefined) return undefined;
  const { package: name, withoutDependencies = [], built = [], buildEnvironment = {} } = python;
  const given = { ...python, ...(version !== python.version && (history.find((release) => release.version === version) ?? {})) };
  const all = [...(name === undefined ? [] : [`${name}==${version}`]), ...(given.with ?? [])];
  const isAlone = (requirement: string) => withoutDependencies.includes(requirement.split(/[[=]/, 1)[0]);
  return {
    required: all.filter((requirement) => !isAlone(requirement)),
    alone: all.filter(isAlone),
    built,
    buildEnvironment,
    before: given.before,
    ...(given.interpreter !== undefined && { interpreter: given.interpreter }),
  };
}

/** Name of the folder of an environment: equal packages give equal names. */
export function environmentName(packages: Packages): string {
  const sorted = { ...packages, required: [...packages.required].sort(), alone: [...packages.alone].sort() };
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 12);
}

/** Modules that an interpreter must have besides NumPy. */
export function modulesOf({ package: name, modules }: PythonPackages): readonly string[] {
  return modules ?? (name === undefined ? [] : [name.replaceAll('-', '_')]);
}
