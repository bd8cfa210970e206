import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { servePage } from '../../../suites/serve/server.js';

const main = fileURLToPath(new URL('../../../dist/suites/cli/main.js', import.meta.url));

test.each(['SIGINT', 'SIGTERM'] as const)('attn-cts serve prints its address, serves, and ends well with %s', async (signal) => {
  const child = spawn(process.execPath, [main, 'serve']);
  const [printed] = await once(child.stdout, 'data');
  const url = String(printed).trim();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  expect((await fetch(url)).status).toBe(200);
  child.kill(signal);
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('a port that cannot be had, or is none, is a usage error', async () => {
  const server = await servePage(0);
  try {
    for (const [port, message] of [
      [new URL(server.url).port, /--port: cannot listen on \d+: another program listens on it/],
      ['65536', /--port: found "65536", must be a whole number/],
    ] as const) {
      const child = spawn(process.execPath, [main, 'serve', '--port', port]);
      let stderr = '';
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
      });
      expect(await once(child, 'exit')).toEqual([2, null]);
      expect(stderr).toMatch(message);
    }
  } finally {
    await server.close();
  }
});
