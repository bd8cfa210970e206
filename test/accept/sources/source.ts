import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Archive of a package index. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** Name of the archive: a wheel, or a source distribution in tar.gz. */
  readonly file: string;
  /** SHA-256 of the archive, in hexadecimal digits. */
  readonly sha256: string;
}

/** Function of the source, and the document that it is held to. */
export interface Held {
  /** Name of an operator, or `mask NAME`. */
  readonly document: string;
  /** File and function of the code: `file: function`. */
  readonly code: string;
  /** Part of the code that is not compared, or the way in which the glue calls it, in words. */
  readonly note?: string;
  /** Why the code's answer is another one than the document's; the checks must fail then. */
  readonly differs?: string;
}

/** Published code: packages of a registry, or files of a repository at a commit. */
export interface Source {
  /** Name of its folder. */
  readonly id: string;
  readonly title: string;
  readonly url: string;
  /** The package with the code, then those that it imports, unpacked beside each other. */
  readonly packages?: readonly Package[];
  /** Commit of the repository of `url`. */
  readonly commit?: string;
  /** SHA-256 of each file of the repository that is used. */
  readonly files?: Readonly<Record<string, string>>;
  /** By function of glue.py. */
  readonly holds: Readonly<Record<string, Held>>;
}

const folder = fileURLToPath(new URL('code/', import.meta.url));

/** @returns the sources in the folder code/, by name. @throws {Error} naming the file and the fault of a source.json. */
export function readSources(): Source[] {
  return readdirSync(folder)
    .sort()
    .map((id) => checkSource(id, JSON.parse(readFileSync(join(folder, id, 'source.json'), 'utf8'))));
}

/** @returns the path of the glue of a source. */
export const glueOf = ({ id }: Source): string => join(folder, id, 'glue.py');

function checkSource(id: string, source: Omit<Source, 'id'>): Source {
  const wrong = (text: string): never => {
    throw new Error(`test/accept/sources/code/${id}/source.json: ${text}`);
  };
  const hash = /^[0-9a-f]{64}$/;
  if (!source.title || !/^https:\/\//.test(source.url)) wrong('needs a title, and a url that begins with https://');
  if ((source.packages === undefined) === (source.commit === undefined)) wrong('needs packages, or a commit and files');
  for (const { file, sha256 } of source.packages ?? []) if (!hash.test(sha256)) wrong(`packages: ${file} needs a sha256 of 64 digits`);
  if (source.commit !== undefined && !/^[0-9a-f]{40}$/.test(source.commit)) wrong('commit: needs 40 hexadecimal digits');
  for (const [file, sha256] of Object.entries(source.files ?? {}))
    if (!hash.test(sha256)) wrong(`files: ${file} needs a sha256 of 64 digits`);
  if (source.commit !== undefined && Object.keys(source.files ?? {}).length === 0) wrong('files: needs the files that are used');
  if (Object.keys(source.holds ?? {}).length === 0) wrong('holds: needs a function of glue.py and its document');
  for (const [name, { document, code }] of Object.entries(source.holds))
    if (!document || !/^[^:]+: .+$/.test(code)) wrong(`holds.${name}: needs a document, and code as "file: function"`);
  if (!existsSync(join(folder, id, 'glue.py'))) wrong('has no glue.py beside it');
  return { id, ...source };
}
