import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDocument, DocumentError, documentKinds, parseDocument } from '../../../spec/lib/documents.js';
import { deepestLevel, longestText, parseJson, requireDepth } from '../../../spec/lib/json.js';

const nested = (levels: number, open = '[', close = ']') => open.repeat(levels) + close.repeat(levels);
const problemOf = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(DocumentError);
    return (error as Error).message;
  }
  return '';
};

describe('JSON from elsewhere', () => {
  it('is given back where it is no deeper than a document may be', () => {
    const text = nested(deepestLevel + 1);
    expect(JSON.stringify(parseJson(text, 'a.json'))).toBe(text);
  });

  it.each([
    ['arrays', nested(20_000), 'a.json: at $[0][0][0][0][0][0]: this is nested deeper than 128 levels; make it flatter'],
    ['objects', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`, 'a.json: at $.a.a.a.a.a.a: this is nested deeper'],
    ['a long key', `{"${'x'.repeat(1000)}":${nested(20_000)}}`, `a.json: at $["${'x'.repeat(80)}…"][0][0][0][0][0]: this is nested deeper`],
  ])('is refused where it is nested too deep: %s', (_, text, message) => {
    expect(problemOf(() => parseJson(text, 'a.json'))).toContain(message);
  });

  it('is refused where it begins with a byte order mark', () => {
    expect(problemOf(() => parseJson('\uFEFF{}', 'a.json'))).toBe(
      'a.json: at $: this begins with a byte order mark; save it as UTF-8 without one',
    );
  });

  it('is refused where a key is there twice, by its path, and only there', () => {
    const deep = '{"b": [1, {"c\\"": "}:{", "__proto__": {}}, {"d": 1, "e": {}, "\\u0064": 2}]}';
    expect(problemOf(() => parseJson(deep, 'a.json'))).toBe(
      'a.json: at $.b[2].d: this key appears twice, and JSON keeps only the last; remove one',
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value, null, 1);
        expect(parseJson(text, 'a.json')).toEqual(JSON.parse(text));
        const spoiled = `{"x": ${text}, "y": [${text}, {"x": ${text}}], "x": 0}`;
        expect(problemOf(() => parseJson(spoiled, 'a.json'))).toContain('a.json: at $.x: this key appears twice');
      }),
    );
  });

  it('may have long texts', () => {
    const text = JSON.stringify({ a: '\\"x'.repeat(2 ** 21), b: 'x'.repeat(2 ** 24) });
    expect(JSON.stringify(parseJson(text, 'a.json'))).toHaveLength(text.length);
  });

  it('is refused where it would not fit into memory', () => {
    expect(problemOf(() => parseJson('[{"a":'.repeat(2 ** 25), 'a.json'))).toBe(
      `a.json: at $: this has ${6 * 2 ** 25} characters, allowed: at most ${longestText}; divide it`,
    );
  });

  it('is refused as a document of any kind, by name', () => {
    for (const kind of documentKinds) {
      expect(problemOf(() => parseDocument(kind, nested(20_000), 'a.json'))).toContain('a.json: at $[0]');
      expect(problemOf(() => checkDocument(kind, { a: JSON.parse(nested(20_000)) }, 'a.json'))).toContain('a.json: at $.a[0]');
    }
  });

  it('may hold itself where it is no JSON: that is too deep', () => {
    const loop: Record<string, unknown> = {};
    loop.self = { loop };
    expect(problemOf(() => requireDepth(loop, 'module'))).toContain('module: at $.self.loop.self');
  });

  it('is walked once where much of it is the same', () => {
    let value: unknown = [];
    for (let i = 0; i < deepestLevel; i++) value = [value, value];
    requireDepth(value, 'module');
    expect(problemOf(() => requireDepth([value], 'module'))).toContain('nested deeper');
  });

  it('is accepted or refused by its depth alone', () => {
    const depth = (value: unknown): number =>
      typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0;
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.integer({ min: 1, max: 2 * deepestLevel }), (inner, levels) => {
        const text = nested(levels).replace(nested(1), `[${JSON.stringify(inner)}]`);
        const deep = depth(JSON.parse(text)) > deepestLevel + 1;
        expect(problemOf(() => parseJson(text, 'a.json')) !== '').toBe(deep);
      }),
    );
  });
});
