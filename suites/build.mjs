// What `npm run build` does after the compiler: files that it does not copy, programs in few files, and what browsers load, in one file each.
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { programs } from './programs.mjs';

for (const file of ['validators.js', 'every-fault.js']) cpSync(`spec/types/${file}`, `dist/spec/types/${file}`);

// Programs and threads, in place of what the compiler wrote: a run starts hundreds of hosts, and to open hundreds of small modules takes
// each of them longer than all else that it does. They share chunks, whose names follow from what is in them.
const { outputFiles } = await build({
  entryPoints: programs,
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
});
// a run that is under way starts processes from these files: what is the same is left alone, what is not is there at once
for (const { path, contents } of outputFiles) {
  if (existsSync(path) && readFileSync(path).equals(contents)) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, contents);
  renameSync(`${path}.new`, path);
}
const made = new Set(outputFiles.map(({ path }) => path));
for (const file of readdirSync('dist/chunks')) if (!made.has(resolve('dist/chunks', file))) rmSync(join('dist/chunks', file));
chmodSync('dist/suites/cli/main.js', 0o755);

// bundled from the sources, for a browser: whatever imports a module of Node fails here
const browser = { outdir: 'dist', bundle: true, minify: true, platform: 'browser', target: 'es2022', logLevel: 'warning' };
await build({
  entryPoints: {
    'adapters/backends/chromium/page': 'adapters/backends/chromium/page/main.ts',
    'adapters/backends/tfjs/webgl-page': 'adapters/backends/tfjs/page/webgl.ts',
    'suites/page/served/page': 'suites/page/main.ts',
    'suites/page/served/kernel-worker': 'suites/page/kernel-worker.ts',
    'suites/page/served/judge-worker': 'suites/page/judge-worker.ts',
  },
  ...browser,
  format: 'esm',
});
// the report opens from a disk too, where a browser loads no modules
await build({
  entryPoints: { 'reports/html/served/app': 'reports/html/site/main.ts' },
  ...browser,
  format: 'iife',
});
await build({
  entryPoints: { 'reports/html/served/charts': 'reports/html/site/charts/index.ts' },
  ...browser,
  format: 'iife',
  globalName: 'attentionCtsCharts',
});
await build({
  entryPoints: { 'reports/html/served/style': 'reports/html/site/style.css', 'suites/page/served/style': 'suites/page/style.css' },
  ...browser,
  minify: false,
});
copyFileSync('reports/html/site/index.html', 'dist/reports/html/served/index.html');
copyFileSync('suites/page/index.html', 'dist/suites/page/served/index.html');
