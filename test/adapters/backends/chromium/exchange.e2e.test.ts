import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Exchange } from '../../../../adapters/backends/chromium/exchange.js';

let exchange: Exchange;
beforeEach(async () => {
  exchange = await Exchange.open({ script: 'dist/adapters/backends/chromium/page.js' });
});
afterEach(() => exchange.close());

const post = (text: string) => fetch(`${exchange.url}exchange`, { method: 'POST', body: text });
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('an exchange', () => {
  test('hands over one message for each answer', async () => {
    const first = exchange.first();
    let asked = post('opened');
    expect(text(await first)).toBe('opened');
    for (const n of [1, 2, 3]) {
      const answer = exchange.send(new TextEncoder().encode(`call ${n}`));
      expect(await (await asked).text()).toBe(`call ${n}`);
      asked = post(`answer ${n}`);
      expect(text(await answer)).toBe(`answer ${n}`);
    }
    await exchange.close();
    expect((await asked).status).toBe(204);
  });

  test('ends what waits, and all that comes after, where the page is gone', async () => {
    const first = exchange.first();
    exchange.fail(new Error('the browser died'));
    await expect(first).rejects.toThrow('the browser died');
    await expect(exchange.send(new Uint8Array(1))).rejects.toThrow('the browser died');
  });

  test('serves its page and script, and nothing to those who do not know its name', async () => {
    expect((await fetch(exchange.url)).status).toBe(200);
    expect((await fetch(`${exchange.url}page.js`)).headers.get('content-type')).toContain('javascript');
    const { origin } = new URL(exchange.url);
    for (const path of ['/', '/exchange', '/page.js', '/..%2f..%2fpackage.json', '//etc/passwd']) {
      expect((await fetch(origin + path, { method: path === '/exchange' ? 'POST' : 'GET' })).status).toBe(404);
    }
  });
});
