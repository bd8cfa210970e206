import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDocument } from '../../../spec/lib/documents.js';
import { failureFolder } from '../../../suites/runner/record/failure-folder.js';
import { check, madeUp, minimalCase } from '../../reports/made-up.js';
import { kernelPath, runKernels, scratch } from './run-kernels.js';

describe('the folder of a failure', () => {
  it('is one that a result may name, in parts that every file system takes, whatever the adapter and check are called', () => {
    const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 1000 }), fc.constantFrom('.', '..', '../x', '', 'x'.repeat(400)));
    fc.assert(
      fc.property(name, name, (adapter, id) => {
        const folder = failureFolder(`a${adapter}`, `a${id}`);
        for (const part of folder.split('/')) expect(part.length).toBeLessThanOrEqual(200);
        const failed = check('reference', 'a/b/c/f32', { verdict: 'fail', failure: { folder, case: minimalCase, reproduced: 5 } });
        checkDocument('result', { ...madeUp, checks: [failed] }, 'result');
      }),
    );
  });

  it('is another for another name, where both are too long', () => {
    const [one, two] = ['a', 'b'].map((end) => failureFolder('x'.repeat(400) + end, 'c'));
    expect(one).not.toBe(two);
  });

  it('is kept of an adapter with an id of 400 characters', async () => {
    const [home, id] = [scratch(), 'x'.repeat(400)];
    writeFileSync(
      join(home, 'long.mjs'),
      `import nan from ${JSON.stringify(pathToFileURL(kernelPath('nan')).href)};\nexport default { ...nan, id: ${JSON.stringify(id)} };\n`,
    );
    const out = join(home, 'out');
    const { checks } = await runKernels([], { adapters: [join(home, 'long.mjs')], out });
    expect(checks).toMatchObject([{ adapter: id, verdict: 'fail', class: 'nan' }]);
    expect(existsSync(join(out, checks[0].failure?.folder as string, 'failure.json'))).toBe(true);
  });
});
