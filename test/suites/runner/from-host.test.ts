import { constants } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crashWords } from '../../../adapters/kernel.js';
import { BrokenMessage, readFromHost } from '../../../suites/runner/host/from-host.js';
import type { FromHost } from '../../../suites/runner/host/wire.js';

const data = new Uint8Array(64);
const tensor = { dtype: 'f32', shape: [2, 3], offset: 8 } as const;
const fault = { kind: 'error', message: 'no', stack: 'at line 7', call: 1 } as const;
const measured = { nanoseconds: 1.5, method: 'wall', told: false, peakBytes: 10 } as const;

/** Each message that a host sends, with everything that it may hold. */
const messages: readonly FromHost[] = [
  { type: 'alive' },
  { type: 'closed' },
  { type: 'closed', excused: true },
  { type: 'loaded', adapter: { id: 'mine', title: 'Mine', version: null, capabilities: { dtypes: ['f32'] } } },
  { type: 'opened', environment: { python: '3.11' } },
  { type: 'unavailable', reason: 'no device', remedy: 'plug one in' },
  { type: 'failed', error: { name: 'Error', message: 'no', stack: 'here', document: { document: 'a', path: '$', problem: 'b' } } },
  { type: 'crashed', class: 'SIGSEGV', message: 'died' },
  { type: 'prepared', fault },
  { type: 'timed', timed: { ...measured, ranks: [1, 2], outputs: { o: tensor }, after: { changed: ['o'], busy: 0.5 } }, data },
  { type: 'timed', timed: fault, data },
  { type: 'replies', batch: 3, replies: [{ calls: [{ o: tensor, lse: tensor }] }, { calls: [], fault }], data },
];

describe('messages of a host', () => {
  it.each(messages.map((message) => [message.type, message] as const))('are read as they were sent: %s', (_, message) => {
    expect(readFromHost(JSON.parse(JSON.stringify({ ...message, more: 1 })), data)).toEqual(message);
  });

  it('with anything in place of one of their parts are read, or refused', () => {
    const parts = messages.flatMap((message) => placesOf(message).map((place) => [message, place] as const));
    fc.assert(
      fc.property(fc.constantFrom(...parts), fc.jsonValue(), ([message, place], part) => {
        try {
          expect(readFromHost(replaced(message, place, part), data)).toBeTypeOf('object');
        } catch (error) {
          expect(error).toBeInstanceOf(BrokenMessage);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a number', 5],
    ['of no type', { type: 'verdict', verdict: 'pass' }],
    ['replies that are a number', { type: 'replies', batch: 1, replies: 5 }],
    ['a tensor beyond its data', { type: 'replies', batch: 1, replies: [{ calls: [{ o: { ...tensor, shape: [4e9] } }] }] }],
    ['a tensor before its data', { type: 'replies', batch: 1, replies: [{ calls: [{ o: { ...tensor, offset: -8 } }] }] }],
    ['a fault of no kind', { type: 'prepared', fault: { ...fault, kind: 'toString' } }],
    ['a call that is no number', { type: 'prepared', fault: { ...fault, call: '1' } }],
  ])('are refused that are %s', (_, message) => {
    expect(() => readFromHost(message, data)).toThrow(BrokenMessage);
  });
});

type Place = readonly (string | number)[];

function placesOf(value: unknown, place: Place = []): Place[] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [place];
  return [place, ...Object.entries(value).flatMap(([key, part]) => placesOf(part, [...place, Array.isArray(value) ? Number(key) : key]))];
}

function replaced(value: unknown, [key, ...rest]: Place, part: unknown): unknown {
  if (key === undefined) return part;
  if (Array.isArray(value)) return value.map((each, x) => (x === key ? replaced(each, rest, part) : each));
  return { ...(value as object), [key]: replaced((value as Record<string, unknown>)[key], rest, part) };
}

it('know every signal of this machine as the cause of a crash', () => {
  for (const name of Object.keys(constants.signals).filter((each) => !/^SIG(BREAK|LOST|RTMIN|RTMAX)$/.test(each)))
    expect(crashWords).toContain(name);
});

it('name the cause of a crash by a fixed word, whatever the kernel threw', () => {
  const causeOf = (cause: string) => (readFromHost({ type: 'crashed', class: cause, message: 'died' }, data) as { class: string }).class;
  for (const word of ['SIGSEGV', 'SIGABRT', 'exit', 'protocol', 'device-lost']) expect(causeOf(word)).toBe(word);
  for (const text of ['exit-3', '::error::', 'x'.repeat(200), '', 'SIGnal', 'SIGOWN']) expect(causeOf(text)).toBe('crash');
});
