import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFailureFolder } from '../../../reports/files/failure-folder.js';
import { parseResult, readResult } from '../../../reports/files/read-result.js';
import { json } from '../../../reports/json.js';
import { DocumentError } from '../../../spec/lib/documents.js';
import type { Result } from '../../../spec/types/documents.js';
import { check, context, madeUp, minimalCase } from '../made-up.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attention-cts-read-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const small: Result = { ...madeUp, adapters: madeUp.adapters.slice(0, 1), checks: madeUp.checks.slice(0, 1), profiles: [] };
const parse = (value: unknown) => parseResult(JSON.stringify(value), 'r.json');
const withFolder = (path: string) => ({
  ...small,
  checks: [check('reference', 'a/b/c/f32', { verdict: 'fail', failure: { folder: path, case: minimalCase, reproduced: 5 } })],
});

describe('a result document', () => {
  it('is read as it was written', async () => {
    const file = join(folder, 'result.json');
    writeFileSync(file, json.report(madeUp, context));
    expect(await readResult(file)).toEqual(madeUp);
  });

  it('is refused where it is no file, or larger than any', async () => {
    await expect(readResult(join(folder, 'none.json'))).rejects.toThrow('none.json: at $: there is no such file');
    await expect(readResult(folder)).rejects.toThrow('this is not a file; name the result.json inside the folder');
    const huge = join(folder, 'huge.json');
    writeFileSync(huge, '');
    truncateSync(huge, 2 ** 29);
    await expect(readResult(huge)).rejects.toThrow('found 536870912 bytes, allowed: 268435456');
    await expect(readResult(huge)).rejects.toThrow(DocumentError);
  });

  it.each([
    ['of another format', { ...small, format: 2 }, 'r.json: at $.format: found 2, but this version of attention-cts reads 1'],
    ['of another format with keys of its own', { format: 7, verdicts: [] }, 'at $.format: found 7'],
    ['not complete', { ...small, complete: false }, 'at $.complete: found false, must be true: the run was not finished'],
    ['without an end', { ...small, complete: undefined }, 'at $: "complete" is missing'],
    ['with a key that is not known', { ...small, more: 1 }, 'at $.more: this key is not known here'],
    ['null', null, 'at $: found null, must be object'],
    [
      'with a check of nobody',
      { ...small, adapters: [] },
      'at $.checks[0].adapter: found "reference", must be the id of an entry of "adapters"',
    ],
    [
      'with an adapter twice',
      { ...small, adapters: [small.adapters[0], small.adapters[0]] },
      'at $.adapters[1].id: found "reference" twice',
    ],
    ['with a check twice', { ...small, checks: [small.checks[0], small.checks[0]] }, 'at $.checks[1].id: found "reference::softmax/full'],
  ])('is refused where it is %s', (_, value, message) => {
    expect(() => parse(value)).toThrow(message);
    expect(() => parse(value)).toThrow(DocumentError);
  });

  it.each(['/etc', '../x', 'a/../../b', 'a/./b', 'a//b', 'a\\..\\b', 'C:/x', 'file:///etc', 'javascript:alert(1)', 'a\0b', 'a/'])(
    'is refused where the path of a folder is %j',
    (path) => {
      expect(() => parse(withFolder(path))).toThrow(/at \$\.checks\[0\]\.failure\.folder: found/);
    },
  );

  it('is refused truncated at each of its bytes', () => {
    const bytes = Buffer.from(JSON.stringify(small));
    for (let length = 0; length < bytes.length; length++) {
      expect(() => parseResult(bytes.subarray(0, length).toString(), 'r.json')).toThrow(
        'this is not JSON, or the end of the file is missing',
      );
    }
    expect(parseResult(bytes.toString(), 'r.json')).toEqual(small);
  });

  it('is read or refused with a reason, whatever it holds', () => {
    const text = JSON.stringify(withFolder('failures/x'));
    const places = fc.array(fc.tuple(fc.nat(text.length - 1), fc.constantFrom('', '"', '}', ',', '0', '-', 'null', '..', '\\', '€')), {
      minLength: 1,
      maxLength: 3,
    });
    const mutated = places.map((edits) => edits.reduce((t, [at, by]) => t.slice(0, at) + by + t.slice(at + 1), text));
    fc.assert(
      fc.property(fc.oneof(mutated, fc.json(), fc.string()), (document) => {
        try {
          parseResult(document, 'r.json');
        } catch (error) {
          expect(error).toBeInstanceOf(DocumentError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a failure folder', () => {
  const open = (path: string) => openFailureFolder(join(folder, 'result.json'), path);

  it('is opened where it lies below the document', async () => {
    mkdirSync(join(folder, 'failures', 'mine', 'x'), { recursive: true });
    expect(await open('failures/mine/x')).toBe(join(folder, 'failures', 'mine', 'x'));
  });

  it('is refused where it is absent, a file, behind a link, or elsewhere', async () => {
    mkdirSync(join(folder, 'real', 'x'), { recursive: true });
    symlinkSync(join(folder, 'real'), join(folder, 'linked'));
    writeFileSync(join(folder, 'file'), '');
    await expect(open('failures/none')).rejects.toThrow('found "failures/none": there is no such folder beside the document');
    await expect(open('file')).rejects.toThrow('"file" is not a folder');
    await expect(open('linked/x')).rejects.toThrow('"linked" is a link; copy the folder itself');
    await expect(open('../x')).rejects.toThrow('stays below the document');
    await expect(open('linked/x')).rejects.toThrow(DocumentError);
  });
});
