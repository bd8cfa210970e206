// What `npm run build` does after the compiler: files that it does not copy, and what browsers load, in one file each.
import { chmodSync, copyFileSync, cpSync } from 'node:fs';
import { build } from 'esbuild';

cpSync('spec/types/validators.js', 'dist/spec/types/validators.js');
chmodSync('dist/suites/cli/main.js', 0o755);

// bundled from the sources, for a browser: whatever imports a module of Node fails here
await build({
  entryPoints: {
    'adapters/chromium/page': 'adapters/chromium/page/main.ts',
    'suites/page/served/page': 'suites/page/main.ts',
    'suites/page/served/kernel-worker': 'suites/page/kernel-worker.ts',
    'suites/page/served/judge-worker': 'suites/page/judge-worker.ts',
  },
  outdir: 'dist',
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  logLevel: 'warning',
});
for (const file of ['index.html', 'style.css']) copyFileSync(`suites/page/${file}`, `dist/suites/page/served/${file}`);
