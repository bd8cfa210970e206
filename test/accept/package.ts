import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Largest package, in bytes as it is sent. */
const LARGEST = 1.5e6;
const nodeVersions = [20, 22, 24];
const vitestVersions = [3, 4];

const checks = ['--filter', 'softmax/{full,causal}/oracle/f32', '--runs', '3'];

const imports = `import { type Adapter, asNdarray, type Capabilities, defineConfig, type Result, run, type RunOptions, Unavailable } from 'attention-cts';
import { conformance, type ConformanceOptions } from 'attention-cts/vitest';
export const adapter: Adapter = { id: 'a', title: 'A', version: '1', capabilities: { dtypes: ['f32'], operators: ['softmax'] },
  open: () => Promise.reject(new Unavailable('it is not here', 'none')) };
export const capabilities: Capabilities = adapter.capabilities;
export const options: ConformanceOptions = { runs: 3 };
export const judged: (options: RunOptions) => Promise<Result> = run;
export const tested: Promise<void> = conformance(adapter, options);
export default defineConfig({ runs: 3 });
export { asNdarray };
`;

const suite = `import { conformance } from 'attention-cts/vitest';
await conformance('./kernel.mjs', { runs: 3, filter: ['softmax/{full,causal}/oracle/f32'] });
`;

/**
 * Packs the suite and uses the package as others do, from the registry's versions of what it needs: its types without those of Node, its
 * command under each version of Node, its tests under each version of Vitest.
 */
export async function packageHolds(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'attention-cts-package-'));
  const wrong: string[] = [];
  try {
    const tarball = packed(folder);
    const { size } = statSync(tarball);
    console.log(`  package: ${(size / 1e6).toFixed(2)} MB`);
    if (size > LARGEST) wrong.push(`the package has ${size} bytes, more than ${LARGEST}`);
    for (const version of vitestVersions) wrong.push(...usedWith(join(folder, `vitest-${version}`), tarball, version));
    const own = join(folder, `vitest-${vitestVersions[0]}`);
    for (const version of nodeVersions) wrong.push(...runUnder(join(folder, `node-${version}`), own, version));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return wrong;
}

function packed(folder: string): string {
  const said = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return join(folder, JSON.parse(said)[0].filename);
}

/** Installs the package beside TypeScript and a version of Vitest, checks its types, and runs its checks as tests. */
function usedWith(folder: string, tarball: string, vitest: number): string[] {
  install(folder, [tarball, 'typescript@5.9', `vitest@${vitest}`]);
  const told = attempt(process.execPath, ['node_modules/attention-cts/dist/suites/cli/main.js', 'init', '--kind', 'module', '.'], folder);
  // @types/node comes with Vitest: "types" leaves it out
  const compilerOptions = { strict: true, skipLibCheck: false, noEmit: true, target: 'es2022', module: 'nodenext', types: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['user.ts'] }));
  writeFileSync(join(folder, 'user.ts'), imports);
  writeFileSync(join(folder, 'kernel.test.mjs'), suite);
  return [
    ...told,
    ...attempt('node_modules/.bin/tsc', ['-p', '.'], folder),
    ...attempt('node_modules/.bin/vitest', ['run', '--reporter=dot'], folder),
  ].map((problem) => `with Vitest ${vitest}: ${problem}`);
}

/** Runs the installed command under a version of Node, which npm's package `node` brings. */
function runUnder(folder: string, installed: string, version: number): string[] {
  install(folder, [`node@${version}`]);
  const node = join(folder, 'node_modules/node/bin/node');
  return ['attn-cts', 'attention-cts'].flatMap((bin) =>
    attempt(node, [join('node_modules/.bin', bin), 'run', 'kernel.mjs', ...checks, '--out', `out-${version}`], installed).map(
      (problem) => `under Node ${version}: ${problem}`,
    ),
  );
}

function install(folder: string, packages: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages], { cwd: folder, stdio: 'inherit' });
}

/** Runs a command. @returns what went wrong, with the end of what it said; nothing if it ended well. */
function attempt(command: string, args: readonly string[], cwd: string): string[] {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  console.log(`  ${command.split('/').at(-1)} ${args.slice(0, 3).join(' ')}: ${status === 0 ? 'well' : `status ${status}`}`);
  return status === 0 ? [] : [`${args.join(' ')} ended with ${status}: ${`${stdout}${stderr}`.trim().slice(-2000)}`];
}
