import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asset } from '../../system/assets.js';

const html = '<!doctype html><meta charset="utf-8"><title>attention-cts</title><script type="module" src="page.js"></script>';

/**
 * The host's side of a page: it serves the page, and hands it one message at a time. The page fetches the next message with the answer
 * to the last one as the request's body, so that a call costs one request. On the loopback address, behind a name that cannot be guessed.
 */
export class Exchange {
  private readonly server: Server;
  private readonly secret = randomUUID();
  /** The page's request for its next message. */
  private asking: ServerResponse | undefined;
  private settle: { resolve(answer: Uint8Array): void; reject(error: Error): void } | undefined;
  private failure: Error | undefined;

  private constructor(script: Buffer) {
    this.server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname;
      if (request.method === 'GET' && path === `/${this.secret}/`) reply(response, 'text/html; charset=utf-8', html);
      else if (request.method === 'GET' && path === `/${this.secret}/page.js`) reply(response, 'text/javascript; charset=utf-8', script);
      else if (request.method === 'POST' && path === `/${this.secret}/exchange`) void this.receive(request, response);
      else response.writeHead(404).end();
    });
  }

  static async open(): Promise<Exchange> {
    const exchange = new Exchange(readFileSync(asset('dist/adapters/backends/chromium/page.js')));
    await new Promise<void>((resolve, reject) => exchange.server.once('error', reject).listen(0, '127.0.0.1', resolve));
    return exchange;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${this.secret}/`;
  }

  /** What the page says first. */
  first(): Promise<Uint8Array> {
    return this.answer();
  }

  /** The page's answer to a message. Rejects with what `fail` was told. */
  send(message: Uint8Array): Promise<Uint8Array> {
    const answer = this.answer();
    if (this.asking) reply(this.asking, 'application/octet-stream', message);
    else this.fail(new Error('the page asked for no message'));
    this.asking = undefined;
    return answer;
  }

  /** The page is gone: whatever waits for it ends. */
  fail(error: Error): void {
    this.failure ??= error;
    this.settle?.reject(this.failure);
    this.settle = undefined;
  }

  async close(): Promise<void> {
    this.asking?.writeHead(204).end();
    this.asking = undefined;
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private answer(): Promise<Uint8Array> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      // a page that dies within its answer is seen by its browser
      return;
    }
    this.asking = response;
    this.settle?.resolve(Buffer.concat(chunks));
    this.settle = undefined;
  }
}

function reply(response: ServerResponse, type: string, body: string | Uint8Array): void {
  response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store' }).end(body);
}
