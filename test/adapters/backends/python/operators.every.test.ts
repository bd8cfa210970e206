import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { asset } from '../../../../adapters/system/assets.js';
import { differentiableInputs } from '../../../../spec/operator/facts.js';
import { operatorDocuments } from '../../../../spec/operators/index.js';
import type { Operator } from '../../../../spec/types/documents.js';
import { type Opened, opened, title } from '../../../backend.js';
import { asksAll, someOperators } from '../../../some.js';
import { everyProperty, judgeOperators } from '../../../suites/judge-operators.js';

const folder = asset('adapters/backends/python/kernels/operators');
const named = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name);
const kernels = readdirSync(folder)
  .filter((file) => file.endsWith('.py'))
  .flatMap((file) => named(readFileSync(join(folder, file), 'utf8'), /^@kernel\(operators=\["([^"]+)"\]/gm));
const leftOut = named(readFileSync(join(folder, 'README.md'), 'utf8'), /^\| `([^`]+)` \| .+ \|$/gm);

describe('operators in PyTorch', () => {
  it.skipIf(asksAll)('every document has one kernel, or a reason why it has none', () => {
    expect([...kernels, ...leftOut].sort()).toEqual(operatorDocuments.map(({ name }) => name).sort());
  });
});

// one Python for all of them
const here = await opened('pytorch-operators');
describe.skipIf(here.missing)(title('operators in PyTorch, judged', here), () => {
  const { adapter, kernel } = here as Opened;
  const limits = { b: { max: 2 }, hk: { max: 2 }, m: { max: 9 }, n: { max: 9 }, d: { max: 4 }, e: { max: 4 } };
  afterAll(() => kernel?.[Symbol.asyncDispose]());

  it.skipIf(asksAll)('every function fits its document', () => {
    expect(adapter.id).toBe('pytorch-operators');
    expect([...adapter.capabilities.operators].sort()).toEqual([...kernels].sort());
  });

  it.each(someOperators(kernels))('%s agrees with the oracle, gradients too', async (operator) => {
    const claims = { id: adapter.id, capabilities: { ...adapter.capabilities, limits } };
    // padding has rows without keys
    const filter = [`${operator}/{full,causal,padding}/{oracle,gradient}/f32`, `${operator}+all/any/{oracle,gradient}/f32`];
    const told = await judgeOperators(claims, kernel, [everyProperty([operator])], { runs: 1, filter });
    expect(told.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'unsupported')).toEqual([]);
    const document = operatorDocuments.find(({ name }) => name === operator) as Operator;
    const asked = differentiableInputs(document).length > 0 ? '/gradient/' : '/oracle/';
    expect(told.filter(({ id, verdict }) => verdict === 'pass' && id.includes(asked))).not.toEqual([]);
  });
});
