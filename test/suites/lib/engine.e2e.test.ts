import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const engine = fileURLToPath(new URL('../../../suites/lib/engine.ts', import.meta.url));

it('sets flags that the V8 of this Node knows: of others it writes an error', () => {
  const script = `import engine from ${JSON.stringify(engine)}; engine.collectOldObjectsLate(); engine.optimiseLate(); console.log('set');`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'jiti/register', '--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  expect([stdout.trim(), stderr]).toEqual(['set', '']);
});
