import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { hashText } from '../../../generators/lib/seeds.js';
import { tensorsOf } from '../../../generators/tensors.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { createLibrary } from '../../../spec/library.js';
import { decodeSafetensors } from '../../../spec/tensor/safetensors.js';
import { contiguousData, type Tensors } from '../../../spec/tensor/tensor.js';
import type { Capabilities, Case, Failure } from '../../../spec/types/documents.js';
import { valuesAction } from '../../../suites/cli/actions/values.js';
import type { CallSpec, Property } from '../../../suites/contract/property.js';
import { UsageError } from '../../../suites/lib/usage-error.js';
import { propertyNamed } from '../../../suites/properties/index.js';
import { CaseStream } from '../../../suites/runner/run/case-stream.js';

const folder = mkdtempSync(join(tmpdir(), 'attn-cts-values-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Tensors that the command writes for a document. */
async function written(document: unknown, flags: Partial<Parameters<typeof valuesAction>[1]> = {}): Promise<Tensors> {
  const [file, out] = [join(folder, 'case.json'), join(folder, 'out', 'case.safetensors')];
  writeFileSync(file, JSON.stringify(document));
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    expect(await valuesAction(file, { out, ...flags })).toBe(0);
  } finally {
    vi.restoreAllMocks();
  }
  return decodeSafetensors(readFileSync(out)).tensors;
}

const library = createLibrary();
const bytesOf = (tensors: Tensors) =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, t]) => {
      const { buffer, byteOffset, byteLength } = contiguousData(t);
      return [name, [t.dtype, [...t.shape], Buffer.from(buffer, byteOffset, byteLength).toString('hex')]];
    }),
  );

interface Drawn {
  readonly claims: Claims;
  readonly whole: Case;
  readonly calls: readonly CallSpec[];
}

/** Calls of cases of a property, as a kernel with these capabilities gets them. */
function* callsOf(name: string, capabilities: Capabilities, mask: string, count: number): Generator<Drawn> {
  const claims = Claims.of(library, resolveCapabilities(capabilities, 'the capabilities'));
  const property = propertyNamed(name) as Property;
  const [operator] = capabilities.operators ?? ['softmax'];
  for (const dtype of capabilities.dtypes) {
    const request = { operator, mask, dtype, needs: property.needs };
    const stream = new CaseStream(caseArbitrary(claims, request), hashText(3, `${name} ${mask} ${dtype}`), property, claims);
    for (let index = 0; index < count; index++) {
      const drawn = stream.draw(index);
      if (drawn) yield { claims, whole: drawn.value.value, calls: drawn.calls };
    }
  }
}

const claimed: Capabilities = {
  dtypes: ['f64', 'f32', 'f16', 'bf16', 'f8e4m3'],
  operators: ['softmax'],
  masks: ['full', 'causal', 'document', 'sliding-window'],
  options: ['scale', 'softcap', 'sink', 'alibi', 'bias'],
  layouts: ['bhld', 'blhd', 'thd'],
  gradients: true,
  strided: true,
};

describe('attn-cts values', () => {
  it.each(['causal', 'document', 'any'])('writes the bytes that a kernel gets, of cases with mask %s', async (mask) => {
    let cases = 0;
    for (const property of ['oracle', 'gradient'])
      for (const { claims, calls } of callsOf(property, claimed, mask, 4)) {
        const [{ case: c, command }] = calls;
        const given = await written(c, { pass: command, expected: true });
        const inputs = Object.fromEntries(Object.entries(given).filter(([name]) => !/^(expected|bound)\./.test(name)));
        expect(bytesOf(inputs)).toEqual(bytesOf(tensorsOf(claims, c, command)));
        expect(Object.keys(given)).toContain(command === 'forward' ? 'expected.o' : 'bound.dq');
        cases++;
      }
    expect(cases).toBeGreaterThan(20);
  });

  it('writes the inputs of other operators by their names', async () => {
    for (const { claims, calls } of callsOf('oracle', { dtypes: ['bf16'], operators: ['gated-delta'], masks: ['full'] }, 'full', 4)) {
      const [{ case: c }] = calls;
      expect(bytesOf(await written(c))).toEqual(bytesOf(tensorsOf(claims, c)));
    }
  });

  it('writes the call of a failure whose output is wrong, by the capabilities of the kernel that failed', async () => {
    const capabilities: Capabilities = { ...claimed, dtypes: ['f32'], masks: ['full'], denseMask: 'additive' };
    const [{ claims, whole, calls }] = callsOf('lse-merge', { ...capabilities, outputs: ['o', 'lse'] }, 'full', 1);
    const failure: Failure = {
      format: 1,
      check: 'softmax/full/lse-merge/f32',
      adapter: { id: 'mine', title: 'mine', version: null, capabilities: { ...capabilities, outputs: ['o', 'lse'] } },
      case: whole,
      call: { number: 2, of: calls.length, ...calls[1] },
      verdict: 'fail',
      suite: '0.0.0',
      spec: {},
      environment: {},
    };
    expect(bytesOf(await written(failure))).toEqual(bytesOf(tensorsOf(claims, calls[1].case, calls[1].command)));
    const call = { ...failure.call, number: 99 };
    await expect(written({ ...failure, call })).rejects.toThrow(/\$\.call\.number: found 99/);
    await expect(written({ ...failure, check: 'softmax/full/lse-marge/f32' })).rejects.toThrow(/\$\.check: found .*lse-merge/s);
  });

  it('names the document, the path in it and the mend', async () => {
    const [{ calls }] = callsOf('oracle', claimed, 'causal', 1);
    await expect(written({ ...calls[0].case, operator: 'softmx' })).rejects.toThrow(/case\.json: at \$\.operator: .*"softmax"/);
    await expect(written({ ...calls[0].case, dims: {} })).rejects.toThrow(/case\.json: at \$\.dims/);
    await expect(valuesAction(join(folder, 'none'), { out: join(folder, 'x') })).rejects.toThrow(UsageError);
    await expect(valuesAction(folder, { out: join(folder, 'x') })).rejects.toThrow(/has no failure\.json/);
  });
});
