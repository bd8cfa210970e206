import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { NativeManifest } from '../../../../spec/types/documents.js';
import type { Adapter } from '../../../adapter.js';
import { Unavailable } from '../../../kernel.js';
import { asset } from '../../../system/assets.js';
import { libraryFolder } from '../../../system/cache-folder.js';
import { openLibrary } from '../../../system/shared-library.js';
import { type Checkout, checkoutFolder, commitOf } from '../../checkout.js';
import { checkManifest } from '../check-manifest.js';
import { compile, findCompiler } from '../compiler.js';
import { openKernel } from '../kernel.js';

/** Wrapper around a project's function, compiled against the user's copy of the project. */
export interface Glue {
  readonly checkout: Checkout;
  /** Manifest of the compiled library; its `library` path is only a name. */
  readonly manifest: NativeManifest;
  readonly source: string;
  flags(folder: string): readonly string[];
  /** Libraries to link, e.g. -lm. */
  readonly libraries?: readonly string[];
}

/** Makes the adapter of a project's function. Looks for the project only when it opens. */
export function glueAdapter(glue: Glue): Adapter {
  const { id, title } = glue.manifest.adapter;
  return {
    id,
    title,
    capabilities: glue.manifest.capabilities,
    async open() {
      const folder = checkoutFolder(glue.checkout);
      const { file, compiler } = await compiled(glue, folder);
      const library = await openLibrary(file, id);
      const environment = { ...library.environment, [id]: await commitOf(folder), compiler };
      return openKernel({ ...library, environment }, checkManifest(glue.manifest, id));
    },
  };
}

/** Compiles the wrapper, unless the cache has it for this source, flags and project build. */
async function compiled(
  { source, checkout, manifest, flags, libraries }: Glue,
  folder: string,
): Promise<{ file: string; compiler: string }> {
  const compiler = await findCompiler();
  if (!compiler) throw new Unavailable('no C++ compiler was found (tried CXX, g++, clang++ and c++)', 'apt install g++');
  const path = asset(`adapters/backends/native/glue/${source}`);
  const all = ['-shared', '-fPIC', '-x', source.endsWith('.c') ? 'c' : 'c++', ...flags(folder)];
  const state = [compiler.version, all, libraries, statSync(join(folder, checkout.holds)).mtimeMs];
  const key = createHash('sha256').update(JSON.stringify(state)).update(readFileSync(path)).digest('hex').slice(0, 24);
  const file = join(libraryFolder(), `${manifest.adapter.id}-${key}.so`);
  if (existsSync(file)) return { file, compiler: compiler.version };
  // compile to a temporary name: several processes may compile at once
  const unfinished = `${file}.${randomUUID()}`;
  try {
    await compile(compiler, all, path, unfinished, libraries);
    renameSync(unfinished, file);
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    const printed = (stderr || message).trim().slice(0, 2000);
    throw new Unavailable(
      `${manifest.adapter.id} does not compile against ${folder}: ${printed}`,
      `use another commit of ${checkout.repository}`,
    );
  } finally {
    rmSync(unfinished, { force: true });
  }
  return { file, compiler: compiler.version };
}
