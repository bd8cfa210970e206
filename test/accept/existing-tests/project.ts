import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Judgement that takes the place of an assertion. */
interface Patch {
  /** Regular expression of the test's name. */
  readonly test: string;
  /** Regular expression of the assertion, as Python's `ast.unparse` writes it. */
  readonly assertion: string;
  /** Arguments of the judgement, in variables of the test. */
  readonly judged: string;
  /** Expression of the tolerance, where the assertion names none. */
  readonly tolerance?: string;
}

/** Fault of the project under test that is known, and the judgements that it explains. */
interface Fault {
  /** Regular expression of the verdict's text. */
  readonly text: string;
  readonly why: string;
}

/** A public test file, and the patches by which its assertions become judgements. */
export interface Project {
  /** Name of its folder. */
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly commit: string;
  /** SHA-256 of each file of the repository that is used. */
  readonly files: Readonly<Record<string, string>>;
  /** Test file, one of `files`. */
  readonly tests: string;
  /** Tests that are run, as `-k` of pytest takes them. */
  readonly select: string;
  /** Modules that the locked environment must have. */
  readonly modules: readonly string[];
  /** Packages beyond those of the locked environment, NAME==VERSION. */
  readonly requirements: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Tolerance of an assertion that names none of its own. */
  readonly defaults: { readonly atol: number; readonly rtol: number };
  readonly patches: readonly Patch[];
  readonly faults: readonly Fault[];
}

const folder = fileURLToPath(new URL('code/', import.meta.url));

/** @returns the folder of a project's description and glue. */
export const folderOf = ({ id }: Pick<Project, 'id'>): string => join(folder, id);

/** @returns the projects in the folder code/, by name. @throws {Error} naming the file and the fault of a project.json. */
export function readProjects(): Project[] {
  return readdirSync(folder)
    .sort()
    .map((id) => checkProject(id, JSON.parse(readFileSync(join(folder, id, 'project.json'), 'utf8'))));
}

function checkProject(id: string, project: Omit<Project, 'id'>): Project {
  const wrong = (text: string): never => {
    throw new Error(`test/accept/existing-tests/code/${id}/project.json: ${text}`);
  };
  if (!project.title || !/^https:\/\//.test(project.url)) wrong('needs a title, and a url that begins with https://');
  if (!/^[0-9a-f]{40}$/.test(project.commit)) wrong('commit: needs 40 hexadecimal digits');
  if (!Object.hasOwn(project.files, project.tests)) wrong(`files: needs ${project.tests} with its sha256`);
  const loose = project.requirements.find((one) => !/^[\w.-]+==[\w.]+$/.test(one));
  if (loose !== undefined) wrong(`requirements: ${loose} needs a version, NAME==VERSION`);
  if (project.patches.length === 0) wrong('patches: needs an assertion to judge');
  for (const { text } of project.faults) new RegExp(text);
  if (!existsSync(join(folder, id, 'glue.py'))) wrong('has no glue.py beside it');
  return { id, ...project };
}
