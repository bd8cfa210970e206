import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { checkCluster } from '../../../spec/cluster/check.js';
import { devicesOf } from '../../../spec/cluster/devices.js';
import { hopsBetween, linksOf } from '../../../spec/cluster/link.js';
import { machineOf } from '../../../spec/cluster/machine.js';
import { ratesOf } from '../../../spec/cluster/rates.js';
import { clusterDocuments } from '../../../spec/clusters/index.js';
import { checkDocument, DocumentError, parseDocument } from '../../../spec/lib/documents.js';
import { createLibrary } from '../../../spec/library.js';
import type { Cluster } from '../../../spec/types/documents.js';

const h800 = clusterDocuments.find(({ name }) => name === 'h800-8') as Cluster;

function fault(change: object): DocumentError {
  try {
    const cluster = checkDocument('cluster', { ...h800, ...change }, 'own.json');
    checkCluster(cluster, 'own.json');
  } catch (error) {
    if (error instanceof DocumentError) return error;
    throw error;
  }
  throw new Error('the cluster was accepted');
}

const level = { name: 'NVLink', group: 8, alpha: 1e-6, bandwidth: 1e9 };

describe('a cluster document', () => {
  it.each(clusterDocuments.map((cluster) => [cluster.name, cluster] as const))('%s holds', (_, cluster) => {
    checkCluster(checkDocument('cluster', cluster, cluster.name));
    expect(createLibrary().clusters.get(cluster.name)).toBe(cluster);
  });

  it.each<[object, string]>([
    [{ device: { ...h800.device, memory: 0 } }, '$.device.memory'],
    [{ device: { ...h800.device, launch: -1 } }, '$.device.launch'],
    [{ device: { ...h800.device, flops: { forward: 1, backward: 1 } } }, '$.device'],
    [{ device: { ...h800.device, measured: { ...h800.device.measured, both: 600 } } }, '$.device.measured.both'],
    [{ device: { ...h800.device, blocks: { tokens: [4, 4], forward: { full: [1, 1] } } } }, '$.device.blocks.tokens[1]'],
    [{ device: { ...h800.device, blocks: { tokens: [4], forward: { full: [1, 1] } } } }, '$.device.blocks.forward.full'],
    [{ device: { ...h800.device, blocks: { tokens: [4], forward: { full: [0] } } } }, '$.device.blocks.forward.full[0]'],
    [{ levels: [{ ...level, bandwidth: 0 }] }, '$.levels[0].bandwidth'],
    [{ levels: [{ ...level, alpha: -1e-9 }] }, '$.levels[0].alpha'],
    [{ levels: [{ ...level, group: 0 }] }, '$.levels[0].group'],
    [{ levels: [level, { ...level, name: 'IB', group: 12 }] }, '$.levels[1].group'],
    [{ levels: [level, { ...level, name: 'IB', group: 8 }] }, '$.levels[1].group'],
    [{ levels: [level, { ...level, group: 16 }] }, '$.levels[1].name'],
    [{ levels: undefined }, '$'],
    [{ torus: { name: 'ICI', dims: [2], alpha: 0, bandwidth: 1 } }, '$'],
    [{ levels: undefined, torus: { name: 'ICI', dims: [0], alpha: 0, bandwidth: 1 } }, '$.torus.dims[0]'],
    [{ levels: undefined, torus: { name: 'ICI', dims: [2 ** 30, 2 ** 30], alpha: 0, bandwidth: 1 } }, '$.torus.dims'],
  ])('%j is refused at %s', (change, path) => {
    expect(fault(change)).toMatchObject({ document: 'own.json', path });
  });

  test.prop([fc.string()])('any text is a cluster or a DocumentError', (text) => {
    expect(() => parseDocument('cluster', text, 'fuzz')).toThrow(DocumentError);
  });

  test.prop([fc.constantFrom('device', 'levels', 'torus', 'source', 'name'), fc.jsonValue({ maxDepth: 3 })])(
    'any value in any place is accepted or a DocumentError with a path',
    (key, value) => {
      try {
        checkCluster(checkDocument('cluster', { ...h800, [key]: value }, 'fuzz'));
      } catch (error) {
        expect(error).toBeInstanceOf(DocumentError);
        expect((error as DocumentError).path).toMatch(/^\$/);
      }
    },
  );
});

describe('rates', () => {
  it('give back the iterations that they are derived from', () => {
    const { forward, backward } = ratesOf(h800.device);
    const cells = (32 * 8192 * 8193) / 2;
    const seconds = (cells * 4 * 128) / forward;
    expect(1 / seconds).toBeCloseTo(591.5, 6);
    expect(1 / (seconds + (cells * 10 * 128) / backward)).toBeCloseTo(154.7, 6);
  });
});

describe('links of levels', () => {
  const arbitrary = fc
    .array(fc.integer({ min: 2, max: 4 }), { minLength: 1, maxLength: 4 })
    .chain((factors) => fc.tuple(fc.constant(factors), fc.nat(1e6), fc.nat(1e6)));

  test.prop([arbitrary])('are of the innermost level whose group has both', ([factors, x, y]) => {
    let group = 1;
    const levels = factors.map((factor, depth) => {
      group *= factor;
      return { name: `level ${depth}`, group, alpha: depth, bandwidth: depth + 1 };
    });
    const [from, to] = [x % group, y % group];
    fc.pre(from !== to);
    const link = linksOf({ ...h800, levels })(from, to);
    const inside = levels.filter((l) => Math.floor(from / l.group) !== Math.floor(to / l.group)).length;
    expect(link).toEqual({ name: `level ${inside}`, alpha: inside, beta: 1 / (inside + 1) });
    expect(linksOf({ ...h800, levels })(to, from)).toEqual(link);
  });

  it('know no device outside', () => {
    expect(() => linksOf(h800)(0, 8)).toThrow(RangeError);
  });
});

describe('links of a torus', () => {
  const arbitrary = fc.tuple(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }), fc.nat(1e6), fc.nat(1e6));

  test.prop([arbitrary])('take the fewest hops that a walk takes', ([dims, x, y]) => {
    const torus = { name: 'ICI', dims, alpha: 1, bandwidth: 4 };
    const devices = devicesOf({ ...h800, levels: undefined, torus });
    const [from, to] = [x % devices, y % devices];
    const hops = walk(dims, from, to);
    expect(hopsBetween(torus, from, to)).toBe(hops);
    expect(linksOf({ ...h800, levels: undefined, torus })(from, to)).toEqual({ name: 'ICI', alpha: hops, beta: 0.25 });
  });

  /** Breadth first, from neighbour to neighbour. */
  function walk(dims: readonly number[], from: number, to: number): number {
    const seen = new Map([[from, 0]]);
    for (const [device, hops] of seen) {
      if (device === to) return hops;
      for (let x = 0, stride = 1; x < dims.length; x++) {
        const dim = dims[dims.length - 1 - x];
        const at = Math.floor(device / stride) % dim;
        for (const next of [(at + 1) % dim, (at + dim - 1) % dim]) {
          const neighbour = device + (next - at) * stride;
          if (!seen.has(neighbour)) seen.set(neighbour, hops + 1);
        }
        stride *= dim;
      }
    }
    throw new Error('a torus is connected');
  }
});

describe('a machine', () => {
  it('has no more ranks than the cluster has devices', () => {
    expect(() => machineOf(h800, 9)).toThrow('cluster h800-8: at $.levels[0].group: the cluster has 8 devices, too few for 9 ranks');
    const tpu = clusterDocuments.find(({ torus }) => torus) as Cluster;
    expect(() => machineOf(tpu, 1025)).toThrow(expect.objectContaining({ path: '$.torus.dims' }));
  });

  it('takes time in proportion to work', () => {
    const { seconds } = machineOf(h800, 8);
    expect(seconds(2e12, 'forward')).toBeCloseTo(2 * seconds(1e12, 'forward'), 12);
    expect(seconds(1e12, 'backward')).toBeGreaterThan(seconds(1e12, 'forward'));
  });
});
