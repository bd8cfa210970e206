// `npm run wheel`: the Python package, with the built suite in it, as a wheel in wheels/. It needs a Python with pip, setuptools and wheel, and no network.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { pageScripts, programs, servedScripts } from './programs.mjs';

const { version, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const staging = mkdtempSync(join(tmpdir(), 'attn-cts-wheel-'));
try {
  cpSync('adapters/backends/python/package', staging, { recursive: true, filter: (path) => !path.includes('__pycache__') });
  writeFileSync(join(staging, 'VERSION'), version);
  const suite = join(staging, 'attn_cts/suite');
  copyAssets(suite);
  await bundle(suite);
  rmSync('wheels', { recursive: true, force: true });
  const options = ['--no-deps', '--no-build-isolation', '--no-index', '--disable-pip-version-check', '--quiet', '--wheel-dir', 'wheels'];
  execFileSync(pythonWith(['pip', 'setuptools', 'wheel']), ['-m', 'pip', 'wheel', ...options, staging], { stdio: 'inherit' });
  console.log(`wheels/${readdirSync('wheels').join(', ')}`);
} finally {
  rmSync(staging, { recursive: true, force: true });
}

/** Copies every file of the npm package but the modules that are bundled. */
function copyAssets(suite) {
  const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const isBundled = (path) => path.startsWith('dist/') && !/\/served\/|\/backends\/.*page\.js$/.test(path);
  for (const { path } of JSON.parse(listed)[0].files) {
    if (isBundled(path) || path.endsWith('.d.ts') || path.endsWith('.map')) continue;
    mkdirSync(dirname(join(suite, path)), { recursive: true });
    cpSync(path, join(suite, path));
  }
  // what reads kernels in TypeScript finds its own files beside it
  cpSync('node_modules/jiti', join(suite, 'node_modules/jiti'), { recursive: true });
}

/** Bundles the programs with all that they need but backends, which a machine has or has not. */
async function bundle(suite) {
  await build({
    entryPoints: programs,
    outdir: join(suite, 'dist'),
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    keepNames: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['jiti', ...Object.keys(peerDependencies)],
    // packages in CommonJS ask for Node's own modules by it
    banner: { js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);" },
    logLevel: 'error',
  });
  const { metafile } = await build({
    entryPoints: pageScripts,
    outdir: join(suite, 'dist'),
    chunkNames: 'chunks/page-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'error',
  });
  writeFileSync(join(suite, 'dist/suites/page/served/scripts.json'), JSON.stringify(servedScripts(metafile, join(suite, 'dist'))));
}

/** The first Python that has the modules. */
function pythonWith(modules) {
  const named = process.env.PYTHON || process.env.ATTN_CTS_PYTHON;
  const candidates = named ? [named] : ['python3', '/usr/bin/python3', 'python'];
  const probe = `import importlib.util as u, sys; sys.exit(any(u.find_spec(m) is None for m in ${JSON.stringify(modules)}))`;
  const found = candidates.find((python) => spawnSync(python, ['-c', probe], { stdio: 'ignore' }).status === 0);
  if (!found) {
    console.error(`no Python with ${modules.join(', ')} was found among ${candidates.join(', ')}: install them, or name one by PYTHON=`);
    process.exit(1);
  }
  return found;
}
