// What `npm run build` does after the compiler: files that it does not copy.
import { chmodSync, cpSync } from 'node:fs';

cpSync('spec/types/validators.js', 'dist/spec/types/validators.js');
chmodSync('dist/suites/cli/main.js', 0o755);
