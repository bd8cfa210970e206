import { describe, expect, it } from 'vitest';
import { type ConformanceOptions, resolveOptions } from '../../../suites/vitest/options.js';

const resolved = (options: object) => resolveOptions(options as ConformanceOptions);

describe('options of conformance', () => {
  it('have defaults, also where they are undefined', () => {
    expect(resolved({ runs: undefined })).toEqual(resolved({}));
    expect(resolved({ runs: 7, load: { python: 'python3' } })).toMatchObject({ runs: 7, load: { python: 'python3' }, profiles: ['core'] });
  });

  it('are known', () => {
    expect(() => resolved({ profile: ['core'] })).toThrow('conformance: found the option "profile"; nearest of 12: "profiles"');
  });

  it.each([
    [{ profiles: 'core' }, '$.profiles'],
    [{ runs: 0 }, '$.runs'],
    [{ filter: [3] }, '$.filter[0]'],
    [{ timeout: '10' }, '$.timeout'],
    [{ dialect: { causal: 'topleft' } }, '$.dialect.causal'],
  ])('have the types that a configuration has: not %j', (options, path) => {
    expect(() => resolved(options)).toThrow(`the options of conformance: at ${path}: `);
  });

  it('draw the same cases each time', () => {
    expect(() => resolved({ seed: 'random' })).toThrow('must be a number');
  });
});
