import { expect, test } from 'vitest';
import { memoised } from '../../../spec/lib/memoised.js';

test('a result is computed once for each object, a missing one too', () => {
  const asked: object[] = [];
  const once = memoised((key: { readonly result?: number }) => {
    asked.push(key);
    return key.result;
  });
  const [a, b, none] = [{ result: 1 }, { result: 1 }, {}];
  for (const key of [a, b, none, a, none, b]) expect(once(key)).toBe('result' in key ? 1 : undefined);
  expect(asked).toEqual([a, b, none]);
});
