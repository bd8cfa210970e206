import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OutputTail } from '../../../suites/runner/host/output-tail.js';

test('the end of what was printed is kept, however it came', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'binary-ascii' }), { maxLength: 20 }), async (chunks) => {
      const tail = new OutputTail(16);
      const stream = new PassThrough();
      tail.follow(stream);
      for (const chunk of chunks) stream.write(chunk);
      stream.end();
      await new Promise((resolve) => stream.once('close', resolve));
      expect(tail.text()).toBe(chunks.join('').slice(-16));
    }),
  );
});
