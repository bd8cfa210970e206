import { execFileSync, spawnSync } from 'node:child_process';

/** Hosts and judges are compiled files: tests run what a user would. Types are checked elsewhere: the compiler emits whatever they are. */
export default function build(): void {
  execFileSync('node', ['spec/generate/before-build.mjs'], { stdio: 'inherit' });
  spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'tsconfig.build.json'], { stdio: 'inherit' });
  execFileSync('node', ['suites/build.mjs'], { stdio: 'inherit' });
}
