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
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { exported, externalPackages, pageScripts, programs, servedScripts } from './programs.mjs';

for (const file of ['validators.js', 'every-fault.js']) cpSync(`spec/types/${file}`, `dist/spec/types/${file}`);
// an incremental compilation leaves a JSON document of dist/ as it was when that document alone has changed
for (const file of readdirSync('dist', { recursive: true }).filter((path) => path.endsWith('.json')))
  if (existsSync(file)) copyFileSync(file, `dist/${file}`);

// Programs, threads, scripts of the page and what others import, in place of what the compiler wrote: a run starts hundreds of hosts, and to open hundreds of
// small modules takes each of them longer than all else that it does. They share chunks, whose names follow from what is in them; these
// and no other modules are in the package, without spaces. Names stay as they are, for stack traces.
const { outputFiles, metafile } = await build({
  entryPoints: [...programs, ...exported, ...pageScripts],
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  minifySyntax: true,
  minifyWhitespace: true,
  lineLimit: 200,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  plugins: [externalPackages],
  metafile: true,
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
});
/** Writes a file. A run or a build that is under way reads these: what is the same is left alone, what is not is there at once. */
function put({ path, contents }) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}.new`;
  writeFileSync(unfinished, contents);
  renameSync(unfinished, path);
}
for (const file of outputFiles) put(file);
const made = new Set(outputFiles.map(({ path }) => path));
const isStale = (path, current) => !current.has(path) && !path.endsWith('.new');
for (const file of readdirSync('dist/chunks'))
  if (isStale(resolve('dist/chunks', file), made)) rmSync(join('dist/chunks', file), { force: true });
chmodSync('dist/suites/cli/main.js', 0o755);

// `npx attention-cts` in a clone: a link beside those of the packages is found at once, without npm's own copy of the package
if (process.platform !== 'win32' && existsSync('node_modules/.bin')) {
  for (const [name, file] of Object.entries(JSON.parse(readFileSync('package.json', 'utf8')).bin)) {
    const link = join('node_modules/.bin', name);
    const unfinished = `${link}.${process.pid}`;
    symlinkSync(join('../..', file), unfinished);
    renameSync(unfinished, link);
  }
}

// of the declarations, the package has those that the exported ones lead to
const declarations = new Set();
const collect = (file) => {
  if (declarations.has(file)) return;
  declarations.add(file);
  for (const [, from] of readFileSync(file, 'utf8').matchAll(/(?:\bfrom |\bimport |\bimport\()'(\.[^']+)\.js'/g))
    collect(join(dirname(file), `${from}.d.ts`));
};
for (const { out } of exported) collect(join('dist', `${out}.d.ts`));
const types = [...declarations].map((file) => ({ path: resolve('dist/types', relative('dist', file)), contents: readFileSync(file) }));
for (const file of types) put(file);
const kept = new Set(types.map(({ path }) => path));
for (const file of readdirSync('dist/types', { recursive: true, withFileTypes: true }))
  if (file.isFile() && isStale(resolve(file.parentPath, file.name), kept)) rmSync(join(file.parentPath, file.name), { force: true });

// bundled from the sources, for a browser: whatever imports a module of Node fails here
const browser = { outdir: 'dist', bundle: true, minify: true, platform: 'browser', target: 'es2022', logLevel: 'warning' };
await build({
  entryPoints: {
    'adapters/backends/chromium/page': 'adapters/backends/chromium/page/main.ts',
    'adapters/backends/tfjs/webgl-page': 'adapters/backends/tfjs/page/webgl.ts',
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
put({ path: 'dist/suites/page/served/scripts.json', contents: Buffer.from(JSON.stringify(servedScripts(metafile))) });
