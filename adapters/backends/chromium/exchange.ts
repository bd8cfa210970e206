import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asset } from '../../system/assets.js';

const javascript = 'text/javascript; charset=utf-8';

export interface PageFiles {
  /** Module of this package, by its path in it. */
  readonly script: string;
  /** Path of a plain script of the user's library that runs first. */
  readonly library?: string;
}

function htmlOf({ library }: PageFiles): string {
  const before = library === undefined ? '' : '<script src="library.js"></script>';
  return `<!doctype html><meta charset="utf-8"><title>attention-cts</title>${before}<script type="module" src="page.js"></script>`;
}

/** Loopback server of a page, which fetches each message in the request with its last answer. */
export class Exchange {
  private readonly server: Server;
  private readonly secret = randomUUID();
  private asking: ServerResponse | undefined;
  private settle: { resolve(answer: Uint8Array): void; reject(error: Error): void } | undefined;
  private failure: Error | undefined;

  private constructor(files: PageFiles) {
    const html = htmlOf(files);
    const script = readFileSync(asset(files.script));
    const library = files.library === undefined ? undefined : readFileSync(files.library);
    this.server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname;
      if (request.method === 'GET' && path === `/${this.secret}/`) reply(response, 'text/html; charset=utf-8', html);
      else if (request.method === 'GET' && path === `/${this.secret}/page.js`) reply(response, javascript, script);
      else if (request.method === 'GET' && path === `/${this.secret}/library.js` && library) reply(response, javascript, library);
      else if (request.method === 'POST' && path === `/${this.secret}/exchange`) void this.receive(request, response);
      else response.writeHead(404).end();
    });
  }

  static async open(files: PageFiles): Promise<Exchange> {
    const exchange = new Exchange(files);
    await new Promise<void>((resolve, reject) => exchange.server.once('error', reject).listen(0, '127.0.0.1', resolve));
    return exchange;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${this.secret}/`;
  }

  first(): Promise<Uint8Array> {
    return this.answer();
  }

  /** Sends a message and resolves with the page's answer, or rejects with the error of `fail`. */
  send(message: Uint8Array): Promise<Uint8Array> {
    const answer = this.answer();
    if (this.asking) reply(this.asking, 'application/octet-stream', message);
    else this.fail(new Error('the page did not ask for its next message'));
    this.asking = undefined;
    return answer;
  }

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
      // the browser reports a page that dies while it answers
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
