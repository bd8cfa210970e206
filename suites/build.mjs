// What `npm run build` does after the compiler: files that it does not copy, and what browsers load, in one file each.
import { chmodSync, copyFileSync, cpSync } from 'node:fs';
import { build } from 'esbuild';

for (const file of ['validators.js', 'every-fault.js']) cpSync(`spec/types/${file}`, `dist/spec/types/${file}`);
chmodSync('dist/suites/cli/main.js', 0o755);

// bundled from the sources, for a browser: whatever imports a module of Node fails here
const browser = { outdir: 'dist', bundle: true, minify: true, platform: 'browser', target: 'es2022', logLevel: 'warning' };
await build({
  entryPoints: {
    'adapters/backends/chromium/page': 'adapters/backends/chromium/page/main.ts',
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
  entryPoints: { 'reports/html/served/style': 'reports/html/site/style.css', 'suites/page/served/style': 'suites/page/style.css' },
  ...browser,
  minify: false,
});
copyFileSync('reports/html/site/index.html', 'dist/reports/html/served/index.html');
copyFileSync('suites/page/index.html', 'dist/suites/page/served/index.html');
