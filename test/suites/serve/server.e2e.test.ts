import { request } from 'node:http';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PageServer, servePage } from '../../../suites/serve/server.js';

let server: PageServer;
let port: number;
beforeAll(async () => {
  server = await servePage(0);
  port = Number(new URL(server.url).port);
});
afterAll(() => server.close());

/** As it is written: fetch would tidy the path up. */
function get(
  path: string,
  { method = 'GET', host = `127.0.0.1:${port}` } = {},
): Promise<{ status: number; headers: object; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers: { host }, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode as number, headers: response.headers, body }));
    });
    asked.on('error', reject).end();
  });
}

describe('the server of the page', () => {
  test('serves its files, each with its type and a policy that lets nothing in or out', async () => {
    const files = { '/': 'text/html', '/index.html': 'text/html', '/style.css': 'text/css' };
    const scripts = ['/page.js', '/kernel-worker.js', '/judge-worker.js'].map((path) => [path, 'text/javascript']);
    for (const [path, type] of [...Object.entries(files), ...scripts]) {
      const { status, headers, body } = await get(path);
      expect([path, status]).toEqual([path, 200]);
      expect(headers).toMatchObject({ 'content-type': `${type}; charset=utf-8`, 'x-content-type-options': 'nosniff' });
      expect(headers).toHaveProperty('content-security-policy', expect.stringContaining("default-src 'none'"));
      expect(body.length).toBeGreaterThan(100);
    }
    expect((await get('/?kernel=webgpu-browser&runs=5')).status).toBe(200);
  });

  test('everything else is not there, whatever the path', async () => {
    const hostile = [
      '/package.json',
      '/../package.json',
      '/..%2f..%2fpackage.json',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/....//etc/passwd',
      '/page.js/',
      '//etc/passwd',
      '/page.js%00.html',
      '/__proto__',
      '/constructor',
      '\\..\\package.json',
      'http://evil.example/page.js',
    ];
    for (const path of hostile) expect([path, [400, 404].includes((await get(path)).status)]).toEqual([path, true]);
    await fc.assert(
      fc.asyncProperty(fc.webPath(), async (path) => {
        fc.pre(!['', '/', '/index.html', '/style.css', '/page.js', '/kernel-worker.js', '/judge-worker.js'].includes(path));
        expect((await get(path || '/x')).status).toBe(404);
      }),
      { numRuns: 20 },
    );
  });

  test('answers to its own name only: a foreign name that points here gets nothing', async () => {
    for (const host of ['evil.example', `evil.example:${port}`, `127.0.0.1:${port + 1}`, '127.0.0.1', `localhost.evil.example:${port}`]) {
      const { status, body } = await get('/', { host });
      expect([host, status]).toEqual([host, 421]);
      expect(body).not.toContain('<html');
    }
    expect((await get('/', { host: `localhost:${port}` })).status).toBe(200);
  });

  test('takes nothing, and answers HEAD without a body', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) expect((await get('/', { method })).status).toBe(405);
    expect(await get('/page.js', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });

  test('bytes that are no HTTP end one connection and not the server', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
        await new Promise<void>((resolve) => {
          const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
          socket.on('error', () => resolve()).on('close', () => resolve());
          socket.resume();
        });
      }),
      { numRuns: 30 },
    );
    expect((await get('/')).status).toBe(200);
  });

  test('a port that is taken is a usage error that says so', async () => {
    await expect(servePage(port)).rejects.toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.stringContaining(`cannot listen on ${port}`) }),
    );
  });
});
