import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DocumentError, parseDocument } from '../../spec/lib/documents.js';
import { nearestNames } from '../../spec/lib/nearest.js';
import type { ProjectDocument, ProjectEntry } from '../../spec/types/documents.js';
import { asset } from '../system/assets.js';

/** An implementation of others: a folder of adapters/projects with a project.json. */
export interface Project extends ProjectDocument {
  /** Name of the folder. */
  readonly name: string;
  readonly folder: string;
}

/** A kernel of a project, by the id of its adapter. */
export interface Entry extends ProjectEntry {
  readonly id: string;
  readonly project: Project;
}

/** Reads a project's folder. @throws {DocumentError} naming the file and the path in it. */
export function readProject(folder: string, name: string): Project {
  const file = join(folder, 'project.json');
  const document = parseDocument('projectDocument', readFileSync(file, 'utf8'), file);
  for (const [id, { kernel }] of Object.entries(document.entries)) {
    const path = `$.entries[${JSON.stringify(id)}]`;
    if (id !== name && !id.startsWith(`${name}-`))
      throw new DocumentError(file, path, `must begin with the name of the folder: ${name} or ${name}-…`);
    const [glue] = kernel.split(':', 1);
    if (!existsSync(join(folder, glue))) throw new DocumentError(file, `${path}.kernel`, `no such file: ${join(folder, glue)}`);
  }
  const { python, source, history } = document;
  if (!python && !source) throw new DocumentError(file, '$', 'needs "python", "source" or both');
  if (python && (python.package === undefined) !== (python.version === undefined))
    throw new DocumentError(file, '$.python', '"package" and "version" need each other');
  if (python && python.package === undefined && python.modules === undefined)
    throw new DocumentError(file, '$.python', 'without "package", name the "modules" that an interpreter must have');
  if (history && python?.package === undefined)
    throw new DocumentError(file, '$.history', 'needs a package of PyPI: "python" with "package" and "version"');
  return { ...document, name, folder };
}

let all: ReadonlyMap<string, Project> | undefined;

/** Returns the projects by name. @throws {DocumentError} for the first malformed one. */
export function projects(): ReadonlyMap<string, Project> {
  if (all !== undefined) return all;
  const root = asset('adapters/projects');
  const names = existsSync(root) ? readdirSync(root).filter((name) => existsSync(join(root, name, 'project.json'))) : [];
  all = new Map(names.sort().map((name) => [name, readProject(join(root, name), name)]));
  return all;
}

/** Name of a project, or id of an entry, with a version: `tinygrad@0.13.0`. */
export interface Versioned {
  readonly name: string;
  readonly version?: string;
}

export function versionedOf(text: string): Versioned {
  const at = text.indexOf('@');
  return at < 1 ? { name: text } : { name: text.slice(0, at), version: text.slice(at + 1) };
}

/** @throws {UnknownProject} naming the nearest ones. */
export function projectNamed(name: string): Project {
  const project = projects().get(name);
  if (project === undefined) throw new UnknownProject(`unknown project "${name}"; ${nearestNames(name, projects().keys())}`);
  return project;
}

export class UnknownProject extends Error {
  override readonly name = 'UnknownProject';
}

/** Returns every entry, in the order of projects. */
export function entries(): Entry[] {
  return [...projects().values()].flatMap((project) => Object.entries(project.entries).map(([id, entry]) => ({ ...entry, id, project })));
}
