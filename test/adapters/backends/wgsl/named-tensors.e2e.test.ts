import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadWgsl, parseManifest } from '../../../../adapters/backends/wgsl/manifest.js';
import { createLibrary } from '../../../../spec/library.js';
import { readSpecFolder } from '../../../../suites/lib/spec-folder.js';
import { backend, title } from '../../../backend.js';
import { everyProperty, judgeOperators } from '../../../suites/judge-operators.js';

const webgpu = await backend('webgpu');
const file = join(import.meta.dirname, 'kernels/gated-pool.json');
const documents = readSpecFolder(join(import.meta.dirname, '../../../kernels/named-tensors'));
const { operators } = createLibrary(documents);

describe.skipIf(webgpu.missing)(title('a shader of an operator with tensors of its own names', webgpu), () => {
  it('conforms', async () => {
    const adapter = await loadWgsl(file, undefined, operators);
    const kernel = await adapter.open();
    const filter = ['gated-pool*/{full,causal,any}/{oracle,stateless}/f32'];
    const told = await judgeOperators(adapter, kernel, [...documents, everyProperty(['gated-pool'])], { runs: 3, filter });
    await kernel[Symbol.asyncDispose]();
    expect(told.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'unsupported')).toEqual([]);
    const passed = told.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id);
    expect(passed).toEqual(expect.arrayContaining(['gated-pool/causal/oracle/f32', 'gated-pool+all/any/oracle/f32']));
  });
});

describe('the manifest of such a shader', () => {
  const text = readFileSync(file, 'utf8');

  it.each([
    ['"tensor": "gate"', '"tensor": "gat"', '$.bindings[4].tensor: found "gat", which names no tensor; nearest of'],
    ['"name": "r",', '"name": "rr",', '$.uniforms.fields[7].name: found "rr", which names no value; nearest of'],
    ['"tensor": "total"', '"tensor": "q_scale"', 'no buffer holds "total", but the capabilities claim output total'],
    ['["factor"]', '["factor"], "gradients": true', '"backward" is missing, but the capabilities claim gradients'],
    ['"outputs": ["o", "total"]', '"outputs": ["o", "totals"]', 'found "totals", which is not a tensor of gated-pool'],
  ])('is refused with %s in place of %s', (from, to, problem) => {
    expect(text).toContain(from);
    expect(() => parseManifest(text.replace(from, to), 'kernel.json', operators)).toThrow(problem);
  });

  it('is read', () => {
    expect(parseManifest(text, 'kernel.json', operators).adapter.id).toBe('pool');
  });
});
