import { describe, expect, it } from 'vitest';
import { createLibrary } from '../../../spec/library.js';

interface NewFiles {
  newFiles(kind: string | undefined, name: string | undefined): { files: Record<string, string>; steps: string[] };
}
// no types are declared for scripts
const script: string = '../../../spec/generate/new.mjs';
const { newFiles } = (await import(script)) as NewFiles;

describe('npm run new', () => {
  it('writes a mask that the library takes', () => {
    const { files, steps } = newFiles('mask', 'my-mask');
    const [[path, text]] = Object.entries(files);
    expect(path).toBe('spec/masks/my-mask.json');
    const added = { kind: 'maskSpec', document: path, value: JSON.parse(text) } as const;
    expect(createLibrary([added]).masks.has('my-mask')).toBe(true);
    expect(steps.join('\n')).toContain('npx attention-cts mask my-mask');
  });

  it('writes an operator whose document is whole', () => {
    const [[path, text]] = Object.entries(newFiles('operator', 'my-operator').files);
    const added = { kind: 'operator', document: path, value: JSON.parse(text) } as const;
    expect(createLibrary([added]).operators.has('my-operator')).toBe(true);
  });

  it('writes a property and its test under the new name alone', () => {
    const { files } = newFiles('property', 'my-law');
    expect(Object.keys(files)).toEqual(['suites/properties/kernel/my-law.ts', 'test/suites/properties/my-law.test.ts']);
    const text = Object.values(files).join('\n');
    expect(text).toContain("export const myLaw: Property = {\n  name: 'my-law',");
    expect(text).toContain("from '../../../suites/properties/kernel/my-law.js'");
    expect(text).not.toContain('dyadicExact');
  });

  it('writes a reporter with its own title', () => {
    expect(newFiles('reporter', 'my-report').files['reports/my-report.ts']).toMatch(
      /export const myReport: Reporter = \{\n {2}name: 'my-report',/,
    );
  });

  it('refuses an unknown kind, a bad name and a name in use, and says what to write', () => {
    expect(() => newFiles('masks', 'x')).toThrow(
      'found kind "masks", must be mask, operator, scheme, property, reporter: npm run new -- mask my-mask',
    );
    expect(() => newFiles('mask', 'My Mask')).toThrow('found name "My Mask", must be lower-case words');
    expect(() => newFiles('mask', undefined)).toThrow('found name ""');
    expect(() => newFiles('mask', 'causal')).toThrow('spec/masks/causal.json exists; give the mask another name');
  });
});
