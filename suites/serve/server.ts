import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { asset } from '../../adapters/system/assets.js';
import { UsageError } from '../lib/usage-error.js';

interface ServedFile {
  readonly type: string;
  readonly body: Buffer;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** Served files by path, read once. */
function servedFiles(): ReadonlyMap<string, ServedFile> {
  const folder = 'dist/suites/page/served';
  const scripts: string[] = JSON.parse(readFileSync(asset(`${folder}/scripts.json`), 'utf8'));
  const paths = new Map(['index.html', 'style.css'].map((name) => [name, `${folder}/${name}`]));
  for (const script of scripts) paths.set(script, `dist/${script}`);
  const files = new Map<string, ServedFile>(
    [...paths].map(([name, path]) => [`/${name}`, { type: types[extname(name)], body: readFileSync(asset(path)) }]),
  );
  files.set('/', files.get('/index.html') as ServedFile);
  return files;
}

const address = '127.0.0.1';

const headers: Readonly<Record<string, string>> = {
  // allows built-in scripts, workers and styles only
  'content-security-policy':
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a fixed list of files on the loopback address. @throws {UsageError} for a taken port. */
export async function servePage(port: number): Promise<PageServer> {
  const files = servedFiles();
  const server = createServer((request, response) => answer(request, response, files, (server.address() as AddressInfo).port));
  await listen(server, port);
  const { port: given } = server.address() as AddressInfo;
  return {
    url: `http://${address}:${given}/`,
    close: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse, files: ReadonlyMap<string, ServedFile>, port: number): void {
  const refuse = (status: number, text: string) =>
    response.writeHead(status, { ...headers, 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
  // DNS rebinding: a foreign name that points here
  const { host } = request.headers;
  if (host !== `${address}:${port}` && host !== `localhost:${port}`)
    return void refuse(421, 'this server only answers requests to its own host name');
  if (request.method !== 'GET' && request.method !== 'HEAD') return void refuse(405, 'only GET and HEAD are allowed');
  const file = files.get((request.url ?? '').replace(/\?.*$/s, ''));
  if (!file) return void refuse(404, 'not found');
  response.writeHead(200, { ...headers, 'content-type': file.type, 'content-length': file.body.length });
  response.end(request.method === 'HEAD' ? undefined : file.body);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      const why = code === 'EADDRINUSE' ? 'another program listens on it' : code === 'EACCES' ? 'permission denied' : message;
      reject(new UsageError(`--port: cannot listen on ${port}: ${why}`));
    });
    server.listen(port, address, resolve);
  });
}
