// `npm start`: the suite, once it is built. `npm ci` builds it, unless scripts are left out of the installation.
import { existsSync } from 'node:fs';

const main = new URL('../dist/suites/cli/main.js', import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  process.stderr.write('attention-cts is not built yet: run `npm run build`, then this command again\n');
  process.exitCode = 2;
}
