import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMessage } from '../../../../adapters/backends/process/messages.js';
import { checkDocument, DocumentError } from '../../../../spec/lib/documents.js';

const start = { protocol: 1, adapter: { id: 'a', title: 'A' }, capabilities: { dtypes: ['f32'], operators: ['softmax'] } };
const unknownOf = (value: unknown) => [...readMessage('processStart', JSON.stringify(value), 'it').unknown].sort();

describe('what a process says', () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    ['nothing more', {}, []],
    ['a key beside', { motto: 1 }, ['$.motto']],
    [
      'a numeric profile',
      { capabilities: { ...start.capabilities, numeric: { accumulate: 'f32', mood: 1 } } },
      ['$.capabilities.numeric.mood'],
    ],
    [
      'numeric profiles',
      { capabilities: { ...start.capabilities, numeric: { f32: { accumulate: 'f32', mood: 1 }, f4: {} } } },
      ['$.capabilities.numeric.f32.mood', '$.capabilities.numeric.f4'],
    ],
    ['a limit', { capabilities: { ...start.capabilities, limits: { d: { min: 1, step: 2 } } } }, ['$.capabilities.limits.d.step']],
  ])('may hold unknown keys: %s', (_, more, unknown) => {
    expect(unknownOf({ ...start, ...more })).toEqual(unknown);
  });

  it.each<[string, unknown, RegExp]>([
    ['another protocol', { ...start, protocol: 2 }, /\$\.protocol: found 2, allowed: 1/],
    ['an id with a slash', { ...start, adapter: { id: '../a', title: 'A' } }, /\$\.adapter\.id/],
    ['a misspelt key', { ...start, adapter: { ID: 'a', title: 'A' } }, /\$\.adapter: "id" is missing/],
    [
      'a wrong value beside an unknown key',
      { ...start, capabilities: { ...start.capabilities, numeric: { accumulate: 'f31', mood: 1 } } },
      /\$\.capabilities\.numeric/,
    ],
    ['a number', 3, /\$: found 3/],
  ])('is refused with %s', (_, value, message) => {
    expect(() => unknownOf(value)).toThrow(message);
    expect(() => unknownOf(value)).toThrow(DocumentError);
  });

  it('any line gives a valid message or a DocumentError', () => {
    const line = fc.oneof(
      fc.string(),
      fc.json(),
      fc.dictionary(fc.constantFrom('seq', 'ok', 'error', 'unsupported', 'ranks', 'x'), fc.jsonValue()).map((o) => JSON.stringify(o)),
    );
    fc.assert(
      fc.property(fc.constantFrom('processStart' as const, 'processReply' as const), line, (kind, text) => {
        try {
          const { message } = readMessage(kind, text, 'it');
          expect(checkDocument(kind, message, 'it')).toBe(message);
        } catch (error) {
          expect(error).toBeInstanceOf(DocumentError);
        }
      }),
    );
  });
});
