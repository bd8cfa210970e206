import { describe, expect, it } from 'vitest';
import { loadAdapter } from '../../adapters/load.js';
import type { Feature } from '../../generators/lib/needs.js';
import { drawCase } from '../../generators/lib/seeds.js';
import { problemOf } from '../../generators/problem.js';
import { tensorsOf } from '../../generators/tensors.js';
import { caseArbitrary } from '../../generators/whole/case.js';
import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import { createLibrary } from '../../spec/library.js';
import { expectationOf } from '../../spec/oracle/oracle.js';
import { gradient } from '../../suites/properties/kernel/gradient.js';
import { oracle } from '../../suites/properties/kernel/oracle.js';
import { judgeCase } from '../../suites/properties/lib/judge-case.js';
import { backend, title } from '../backend.js';

const library = createLibrary();
const ids = ['reference', 'reference-plain', 'native', 'webgpu', 'webgpu-naive', 'webgpu-split-kv'];
const kernels = await Promise.all(ids.map(async (id) => [id, await backend(id)] as const));

/** Packed cases of a check; of +all those of its cases that are packed. */
const wanted: readonly (readonly [Feature, number])[] = [
  ['packed', 25],
  ['all', 60],
];

describe.each(kernels)('packed sequences on %s', (id, here) => {
  it.skipIf(here.missing)(title('are what the oracle says, in both passes', here), async () => {
    const adapter = await loadAdapter(id);
    const capabilities = resolveCapabilities(adapter.capabilities, id);
    const judge = { claims: Claims.of(library, capabilities), problemOf, expectationOf };
    const kernel = await adapter.open();
    let judged = 0;
    for (const [feature, cases] of wanted) {
      for (const property of capabilities.gradients.length > 0 ? [oracle, gradient] : [oracle]) {
        const request = { operator: 'softmax', feature, mask: 'any', dtype: 'f32', needs: property.needs } as const;
        const arbitrary = caseArbitrary(Claims.of(library, capabilities), request);
        for (let seed = 0; seed < cases; seed++) {
          const c = drawCase(arbitrary, seed).value;
          if (!c.packed) continue;
          const results = [];
          for (const { command, case: called } of property.calls(c, Claims.of(library, capabilities))) {
            const call = { case: called, tensors: tensorsOf(Claims.of(library, capabilities), called, command) };
            results.push((await kernel[command]?.(call)) ?? {});
          }
          const { judgement } = judgeCase(property, judge, c, results);
          expect(judgement, JSON.stringify(c)).not.toMatchObject({ status: 'fail' });
          judged++;
        }
      }
    }
    expect(judged).toBeGreaterThan(25);
    await kernel[Symbol.asyncDispose]();
  });
});
