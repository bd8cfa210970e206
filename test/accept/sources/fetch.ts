import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPython } from '../../../dist/adapters/backends/python/interpreter.js';
import { userCache } from '../../../dist/adapters/system/cache-folder.js';
import type { Package, Source } from './source.js';

/** Answer of a package index to a question for a project, of https://peps.python.org/pep-0691/. */
interface Project {
  readonly files: readonly { readonly filename: string; readonly url: string }[];
}

/** Where the code of a source is published. */
type Published = Pick<Source, 'id' | 'url' | 'packages' | 'commit' | 'files'>;

/** Folder of a source, or the reason why it is not on this machine. */
export type Found = { readonly folder: string } | { readonly absent: string };

/**
 * Finds the code of a source: packages in the user's cache, which are fetched from the package index if they are missing, or a checkout in the
 * folder of checkouts, as OWNER/NAME or NAME. @throws {Error} if an archive or a file has another SHA-256 than the one that is pinned.
 */
export async function findSource(source: Published, checkouts: string | undefined): Promise<Found> {
  return source.packages ? packagesOf(source.packages) : checkoutOf(source, checkouts);
}

function checkoutOf({ id, url, commit, files = {} }: Published, checkouts: string | undefined): Found {
  const name = new URL(url).pathname.slice(1);
  const folders = checkouts === undefined ? [] : [name, name.slice(name.indexOf('/') + 1)].map((path) => join(checkouts, path));
  const folder = folders.find((path) => existsSync(path));
  if (folder === undefined) return { absent: `needs a checkout of ${url} at ${commit} in the folder of --sources` };
  for (const [file, sha256] of Object.entries(files)) {
    const path = join(folder, file);
    if (!existsSync(path)) return { absent: `${path} is missing: check out ${commit}` };
    if (hashOf(path) !== sha256) throw new Error(`${id}: ${path} is not the file of ${commit}: its SHA-256 is another one`);
  }
  return { folder };
}

async function packagesOf(packages: readonly Package[]): Promise<Found> {
  const folder = join(userCache(), 'sources', packages.map(({ sha256 }) => sha256.slice(0, 12)).join('-'));
  if (existsSync(folder)) return { folder };
  const begun = `${folder}.${process.pid}`;
  rmSync(begun, { recursive: true, force: true });
  mkdirSync(begun, { recursive: true });
  try {
    for (const one of packages) {
      const absent = await unpack(one, begun);
      if (absent !== undefined) return { absent };
    }
    renameSync(begun, folder);
    return { folder };
  } finally {
    rmSync(begun, { recursive: true, force: true });
  }
}

/** Fetches an archive, and unpacks it into a folder. @returns why it cannot be had, if it cannot. */
async function unpack({ name, version, file, sha256 }: Package, folder: string): Promise<string | undefined> {
  const index = (process.env.PIP_INDEX_URL ?? 'https://pypi.org/simple').replace(/\/$/, '');
  const archive = join(folder, file);
  try {
    const headers = { Accept: 'application/vnd.pypi.simple.v1+json' };
    const project = (await (await fetch(`${index}/${name}/`, { headers })).json()) as Project;
    const url = project.files.find(({ filename }) => filename === file)?.url;
    if (url === undefined) return `${index} has no ${file}`;
    writeFileSync(archive, Buffer.from(await (await fetch(new URL(url, `${index}/${name}/`))).arrayBuffer()));
  } catch (error) {
    return `${name} ${version} cannot be fetched from ${index}: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (hashOf(archive) !== sha256)
    throw new Error(`${file} from ${index} is another file: its SHA-256 is ${hashOf(archive)}, not ${sha256}`);
  // Python unpacks zip and tar.gz alike; the suite needs it anyway
  const program =
    'import sys, tarfile, zipfile; a, f = sys.argv[1:]; (zipfile.ZipFile(a) if a.endswith(".whl") else tarfile.open(a)).extractall(f)';
  const { status, stderr } = spawnSync(await findPython([]), ['-c', program, archive, folder], { encoding: 'utf8' });
  rmSync(archive);
  return status === 0 ? undefined : `${file} cannot be unpacked: ${stderr.trim().split('\n').at(-1)}`;
}

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
