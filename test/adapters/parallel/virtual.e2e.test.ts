import { describe, expect, it } from 'vitest';
import { simulateVirtual, type VirtualMachine } from '../../../adapters/parallel/job/simulation.js';
import { schemePrograms } from '../../../adapters/parallel/programs/index.js';
import { caseScalarsOf } from '../../../spec/scheme/case-scalars.js';
import { operatorsOf } from '../../../spec/scheme/operators.js';
import { unmetNeed, worldOf } from '../../../spec/scheme/world.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case, Mask, Scheme } from '../../../spec/types/documents.js';
import { asCaseOf, type Direction, library, onRanks, schemeCase } from './support.js';

const machine: VirtualMachine = { link: () => ({ alpha: 1e-6, beta: 1e-9, name: 'link' }), seconds: (flops) => flops * 1e-9 };
const masks: Mask[] = [
  { name: 'causal' },
  { name: 'full' },
  { name: 'document-causal', parameters: { lengths: [5, 0, 11] } },
  { name: 'star', parameters: { block: 4, query: 3 } },
  { heads: [{ name: 'causal' }, { name: 'sliding-window', parameters: { left: 2, right: 1 } }] },
];

/** Cases of those masks and numbers of ranks that a scheme computes. */
function casesOf(scheme: Scheme): { c: Case; ranks: number }[] {
  return masks.flatMap((mask) =>
    [2, 4].flatMap((ranks) => {
      const [operator] = operatorsOf(scheme);
      const c = asCaseOf(operator, schemeCase({ b: 2, hk: 4, g: 2, n: 16 }, mask, { sink: operator === 'softmax' }, 'f32'));
      return unmetNeed(worldOf(scheme, c.dims, ranks, false, caseScalarsOf(library, c), c.mask), mask) === undefined ? [{ c, ranks }] : [];
    }),
  );
}

const judged = schemePrograms.map(({ name }) => library.schemes.get(name) as Scheme).filter((scheme) => casesOf(scheme).length > 0);

it('has cases of every scheme', () => {
  expect(judged).toHaveLength(schemePrograms.length);
});

describe.each(judged.map(({ name }) => name))('%s with shapes alone', (name) => {
  const scheme = library.schemes.get(name) as Scheme;

  it('sends the bytes and computes the areas that it does with numbers', async () => {
    for (const { c, ranks } of casesOf(scheme)) {
      for (const direction of scheme.directions as Direction[]) {
        const backward = direction === 'backward';
        const real = await onRanks(c, name, ranks, direction);
        const run = await simulateVirtual(library, {
          case: { ...c, parallel: { scheme: name, ranks } },
          backward,
          machine,
        });
        const pass = run[direction];
        const told = `${name} on ${ranks} ranks, ${direction}, ${JSON.stringify(c.mask)}`;
        expect(
          pass?.ranks.map(({ sentBytes }) => sentBytes),
          told,
        ).toEqual([...valuesOf(real.sent)]);
        expect(
          pass?.ranks.map(({ receivedBytes }) => receivedBytes),
          told,
        ).toEqual([...valuesOf(real.received)]);
        expect(run.messages, told).toBe(valuesOf(real.messages)[0]);
        if (!backward)
          expect(
            pass?.ranks.map(({ area }) => area),
            told,
          ).toEqual([...valuesOf(real.area)]);
      }
    }
  });
});

describe('by hand', () => {
  const free = { link: () => ({ alpha: 0, beta: 0, name: 'link' }), seconds: () => 0 };
  const c = schemeCase({ b: 1, hk: 2, g: 1, n: 4, d: 3, e: 2 }, { name: 'causal' }, {}, 'f32');

  it('moves bytes where the output of a block is merged', async () => {
    const run = await simulateVirtual(library, {
      case: { ...c, parallel: { scheme: 'ring', ranks: 2 } },
      backward: true,
      machine: { ...free, byteSeconds: 1 },
    });
    // the second rank has a second block: two rows of two heads; o and the sum of it twice, LSE the same
    expect(run.forward.ranks.map(({ computeSeconds }) => computeSeconds)).toEqual([0, 4 * (2 * 12 + 12)]);
    // and dq, dk and dv
    expect(run.backward?.ranks.map(({ computeSeconds }) => computeSeconds)).toEqual([0, 4 * (3 + 3 + 2) * 12]);
  });

  it('moves more bytes where each step of a merge is a kernel', async () => {
    const run = await simulateVirtual(library, {
      case: { ...c, parallel: { scheme: 'ring', ranks: 2 } },
      backward: true,
      machine: { ...free, byteSeconds: 1 },
      merge: 'stepwise',
    });
    // four rows: the cast moves o twice, two differences three times each, the product twice; LSE as its steps say
    expect(run.forward.ranks.map(({ computeSeconds }) => computeSeconds)).toEqual([0, 4 * (2 * 4 * 10 + 4 * 14)]);
    expect(run.backward?.ranks.map(({ computeSeconds }) => computeSeconds)).toEqual([0, 4 * (3 + 3 + 2) * 12]);
  });

  it('gathers the next heads while it computes', async () => {
    const run = await simulateVirtual(library, {
      case: { ...c, mask: { name: 'full' }, parallel: { scheme: 'all-gather', ranks: 2 } },
      backward: false,
      // a gather of one head of two keys takes 40 seconds, 2 queries of it against 4 keys 80
      machine: { ...free, link: () => ({ alpha: 0, beta: 1, name: 'link' }), seconds: (flops) => flops },
    });
    expect(run.forward.seconds).toBe(40 + 80 + 80);
  });
});

describe('rates of blocks', () => {
  /** Cells and visible shares of the blocks that ranks ask kernels for. */
  async function asked(scheme: string): Promise<Set<string>> {
    const found = new Set<string>();
    const blockRate: VirtualMachine['blockRate'] = (pass, cells, visible) => {
      found.add(`${pass} ${cells} ${visible}`);
      return 2;
    };
    const c = schemeCase({ b: 2, hk: 4, g: 2, n: 32 }, { name: 'causal' }, {}, 'f32');
    const of = (rated: VirtualMachine) =>
      simulateVirtual(library, { case: { ...c, parallel: { scheme, ranks: 2 } }, backward: true, machine: rated });
    const twice = await of({ ...machine, blockRate });
    const seconds = (run: typeof twice) => run.backward?.ranks.map(({ computeSeconds }) => computeSeconds) ?? [];
    expect(seconds(twice)).toEqual(seconds(await of(machine)).map((x) => x / 2));
    return found;
  }

  const half = (16 * 17) / 2 / 256;

  it('of contiguous shards are those of the diagonal, and full ones', async () => {
    expect(await asked('ring')).toEqual(new Set(['forward', 'backward'].flatMap((pass) => [`${pass} 256 ${half}`, `${pass} 256 1`])));
  });

  it('of a zigzag leave out the halves that see nothing', async () => {
    expect(await asked('ring-zigzag')).toEqual(
      new Set(['forward', 'backward'].flatMap((pass) => [`${pass} 256 ${half}`, `${pass} 128 1`])),
    );
  });
});
