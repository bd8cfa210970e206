import { describe, expect, it } from 'vitest';
import { matches } from '../../../spec/lib/partial.js';

describe('a partial document', () => {
  it('matches what has its keys, with equal values', () => {
    expect(matches({ dims: { m: 1 }, options: { sink: true } }, { dims: { m: 1, n: 2 }, options: { sink: 0.5 } })).toBe(true);
    expect(matches({ dims: { m: 2 } }, { dims: { m: 1 } })).toBe(false);
    expect(matches({ split: [1, 2] }, { split: [1, 2, 3] })).toBe(false);
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('asks for %j in the document, not in every object', (key) => {
    const partial = (value: string) => JSON.parse(`{${JSON.stringify(key)}:${value}}`);
    expect(matches(partial('true'), { dims: {} })).toBe(false);
    expect(matches(partial('{}'), { dims: {} })).toBe(false);
    expect(matches(partial('true'), partial('1'))).toBe(true);
  });
});
