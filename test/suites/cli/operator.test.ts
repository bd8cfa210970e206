import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLibrary } from '../../../spec/library.js';
import { inputsOf } from '../../../spec/operator/facts.js';
import { operatorDocuments } from '../../../spec/operators/index.js';
import { operatorRecord } from '../../../spec/program/print/record.js';
import type { Operator } from '../../../spec/types/documents.js';
import { describeOperator } from '../../../suites/cli/text/operator.js';
import { attnCts } from './attn-cts.js';

const gated: Operator = {
  name: 'mine',
  family: 'own',
  version: '1.0.0',
  title: 'Mine',
  formula: 'o_i = Σ_j silu(q_i·k_j + shift_t) v_j',
  axes: { u: { size: ['*', 2, '#d'] }, t: { draw: [2, 3] } },
  tied: [['m', 'n']],
  inputs: {
    q: ['b', 'hk', 'g', 'm', 'd'],
    k: ['b', 'hk', 'n', 'd'],
    v: ['b', 'hk', 'n', 'e'],
    shift: { axes: ['t'], title: 'what is added', draw: 'unit', stored: 'f32' },
  },
  optional: { chosen: { axes: ['hk'], kind: 'index', of: 'n' } },
  options: { top: { default: null, values: [1, 2] }, eps: { default: 0.5, range: [0.1, 0.9] } },
  masks: ['full'],
  program: [
    ['s', ['add', ['dot', 'q', 'k', 'd'], ['sum', 'shift', 't']]],
    ['w', ['silu', 's'], { store: true }],
    ['o', ['dot', 'w', 'v', 'n']],
  ],
  outputs: { o: ['b', 'hk', 'g', 'm', 'e'] },
  laws: [{ linear: ['v'] }],
  source: [{ title: 'Nobody' }, { title: 'A paper', url: 'https://example.org' }],
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attention-cts-operator-'));
  mkdirSync(join(folder, 'spec', 'operators'), { recursive: true });
  writeFileSync(join(folder, 'spec', 'operators', 'mine.json'), JSON.stringify(gated));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('attn-cts operator', () => {
  it('shows what a document says, one of --spec too, with its macros as they are', async () => {
    const { code, stdout } = await attnCts('operator', 'mine', '--spec', join(folder, 'spec'));
    expect(code).toBe(0);
    expect(stdout).toBe(`mine 1.0.0, of the family own
Mine

formula
  o_i = Σ_j silu(q_i·k_j + shift_t) v_j

inputs
  q [b, hk, g, m, d] (numbers, drawn normal, with a gradient)
  k [b, hk, n, d] (numbers, drawn normal, with a gradient)
  v [b, hk, n, e] (numbers, drawn normal, with a gradient)
  shift [t] (numbers, drawn unit, stored as f32, with a gradient): what is added
  chosen [hk] (optional, indices of n, no gradient)

options
  top: none by default (tests draw 1, 2)
  eps: 0.5 by default (tests draw 0.1 to 0.9)

axes
  b: batch entries
  hk: key heads
  g: query heads of each key head
  m: queries
  n: keys
  d: channels of queries and keys
  e: channels of values
  t: tests draw 2 to 3
  u: 2 * #d long
  m = n

outputs
  o [b, hk, g, m, e]

masks
  full

a row without keys
  the program decides: an empty sum is 0, and 0/0 is not judged

program
  s = sum(q · k over d) + sum(shift over t)
  w = silu(s), stored
  o = sum(w · v over n)

laws
  The outputs are linear in v.

sources
  Nobody
  A paper: https://example.org
`);
  });

  it.each(operatorDocuments.map((operator) => [operator.name, operator] as const))(
    'names every input, option and statement of %s',
    (_, operator) => {
      const text = describeOperator(operatorRecord(operator));
      expect(text).not.toMatch(/undefined|\[object/);
      for (const [input, { axes }] of Object.entries(inputsOf(operator))) expect(text).toContain(`\n  ${input} [${axes.join(', ')}] (`);
      for (const option of Object.keys(operator.options ?? {})) expect(text).toContain(`\n  ${option}: `);
      for (const [statement] of [...operator.program, ...(operator.second?.program ?? [])]) expect(text).toContain(`\n  ${statement} = `);
      if (operator.second) expect(text).toContain(`\nsecond form: ${operator.second.title}\n`);
    },
  );

  it('prints JSON with every default filled in', async () => {
    const { stdout } = await attnCts('operator', 'mine', '--spec', join(folder, 'spec'), '--json');
    const record = JSON.parse(stdout);
    expect(record.inputs[0]).toEqual({
      name: 'q',
      axes: ['b', 'hk', 'g', 'm', 'd'],
      kind: 'number',
      draw: 'normal',
      once: false,
      gradient: true,
      optional: false,
    });
    expect(record.program[1]).toBe('w = silu(s), stored');
    expect(record.laws).toEqual(['The outputs are linear in v.']);
  });

  it('writes the weights as SVG, or the influence of the values', async () => {
    const picture = join(folder, 'pictures', 'mine.svg');
    const args = ['operator', 'mine', '--spec', join(folder, 'spec'), '--svg', picture];
    expect((await attnCts(...args)).code).toBe(0);
    expect(readFileSync(picture, 'utf8')).toMatch(
      /^<svg [\s\S]*<title>mine: weights w of v<\/title>[\s\S]*>The mask is full. The darkest cell is [\d.]+\.<[\s\S]*<\/svg>\n$/,
    );
    expect((await attnCts(...args, '--influence')).code).toBe(0);
    expect(readFileSync(picture, 'utf8')).toContain('<title>mine: |∂o_i/∂v_j|</title>');
  });

  it.each([
    [['softmx'], `unknown operator "softmx"; nearest of ${createLibrary().operators.size}: "softmax"`],
    [['softmax', '--influence'], '--influence: add --svg FILE'],
    [['softmax', '--svg', '.'], '--svg: .: this is a folder; name a file'],
  ])('%j is refused', async (args, message) => {
    const { code, stdout, stderr } = await attnCts('operator', ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('shows a set of places as a kernel gives it', () => {
    for (const operator of operatorDocuments.filter(({ sets }) => sets)) {
      for (const [name, { of, slots }] of Object.entries(operator.sets ?? {})) {
        const axes = [...operator.outputs[name].slice(0, -1), slots].join(', ');
        expect(describeOperator(operatorRecord(operator))).toContain(`${name} [${axes}] (a set of indices along ${of}: int32`);
      }
    }
  });
});
