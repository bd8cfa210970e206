import { execFileSync, spawnSync } from 'node:child_process';

/** Hosts and judges are compiled files: tests run what a user would. Types are checked elsewhere: the compiler emits whatever they are. */
export default function build(): void {
  spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'tsconfig.build.json'], { stdio: 'inherit' });
  execFileSync('node', ['suites/build.mjs'], { stdio: 'inherit' });
}
