import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBench, readBench } from '../../../reports/files/read-bench.js';
import { DocumentError } from '../../../spec/lib/documents.js';
import { madeUpBench, timing, without } from '../made-up-bench.js';

const parse = (change: object) => parseBench(JSON.stringify({ ...madeUpBench, ...change }), 'b.json');

describe('a bench document', () => {
  it('is read as it was written', () => {
    expect(parse({})).toEqual(madeUpBench);
  });

  it('is refused where there is none', async () => {
    await expect(readBench('none/bench.json')).rejects.toThrow('none/bench.json: at $: there is no such file');
    await expect(readBench('test')).rejects.toThrow('this is not a file; name the bench.json inside the folder');
  });

  it.each([
    ['of another format', { format: 2 }, 'b.json: at $.format: found 2'],
    ['not complete', { complete: false }, 'at $.complete: found false, must be true'],
    ['with a key that is not known', { more: 1 }, 'at $.more: this key is not known here'],
    ['with a timing of nobody', { timings: [timing('nobody', 1)] }, 'at $.timings[0].adapter: found "nobody"'],
    ['with an adapter twice', { adapters: [madeUpBench.adapters[0], madeUpBench.adapters[0]] }, 'at $.adapters[1].id: found "mine" twice'],
    ['with a timing twice', { timings: [timing('mine', 1), timing('mine', 2)] }, 'at $.timings[1].case: "mine" is timed twice'],
    ['with a time of a wrong answer', { timings: [timing('mine', 1, { verdict: 'wrong' })] }, 'at $.timings[0].latency: must be absent'],
    ['timed without a time', { timings: [without('mine', 'timed', '')] }, 'at $.timings[0].latency: must be present'],
    ['with a time that is none', { timings: [timing('mine', -1)] }, 'at $.timings[0].latency'],
  ])('is refused where it is %s', (_, change, message) => {
    expect(() => parse(change)).toThrow(message);
    expect(() => parse(change)).toThrow(DocumentError);
  });

  it('is read or refused with a reason, whatever it holds', () => {
    const text = JSON.stringify(madeUpBench);
    const places = fc.array(fc.tuple(fc.nat(text.length - 1), fc.constantFrom('', '"', '}', ',', '0', '-', 'null', '1e999', '€')), {
      minLength: 1,
      maxLength: 3,
    });
    const mutated = places.map((edits) => edits.reduce((t, [at, by]) => t.slice(0, at) + by + t.slice(at + 1), text));
    fc.assert(
      fc.property(fc.oneof(mutated, fc.json(), fc.string()), (document) => {
        try {
          parseBench(document, 'b.json');
        } catch (error) {
          expect(error).toBeInstanceOf(DocumentError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
