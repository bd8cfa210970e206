import { rmSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

// Bundled, so that Node runs it as it is: a loader would also translate the compiled suite, which takes longer than all the rest. The bundle
// lies beside its sources for as long as it runs, as what it imports is named from there.
const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const [name] = process.argv.slice(2);
const bundle = here(`./.${name}-${process.pid}.mjs`);
try {
  await build({
    entryPoints: [here(`./${name}.ts`)],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    external: ['../../dist/*'],
    logLevel: 'warning',
  });
  await import(pathToFileURL(bundle).href);
} finally {
  rmSync(bundle, { force: true });
}
