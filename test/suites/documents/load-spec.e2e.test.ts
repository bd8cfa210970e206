import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asset } from '../../../adapters/system/assets.js';
import { DocumentError } from '../../../spec/lib/documents.js';
import type { Operator, Statement } from '../../../spec/types/documents.js';
import { listAction } from '../../../suites/cli/actions/list.js';
import { loadSpec } from '../../../suites/documents/load-spec.js';
import { twoForms } from '../../adapters/controls/second-form/two-forms.js';
import { attnCts } from '../cli/attn-cts.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attention-cts-forms-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(operator: Operator): void {
  mkdirSync(join(folder, 'operators'));
  writeFileSync(join(folder, 'operators', 'two-forms.json'), JSON.stringify(operator));
}

/** The document with another statement of a name in its second form. */
function withStatement(...statement: Statement): Operator {
  const { second } = twoForms;
  const program = (second?.program ?? []).map((s) => (s[0] === statement[0] ? statement : s));
  return { ...twoForms, second: { title: 'one with a fault', program } };
}

function errorOf(): DocumentError {
  try {
    loadSpec([folder]);
  } catch (error) {
    return error as DocumentError;
  }
  throw new Error('nothing was refused');
}

describe('documents of --spec', () => {
  it('are loaded where both forms agree', () => {
    write(twoForms);
    const { documents, library } = loadSpec([folder]);
    expect(documents).toHaveLength(1);
    expect(library.operators.get('two-forms')?.second).toBeDefined();
  });

  it('are only the built-in ones where no folder is named', () => {
    expect(loadSpec()).toMatchObject({ documents: [] });
  });

  it.each<[string, Statement, RegExp]>([
    ['a scale of its own', ['s', ['dot', ['scale', 0.5, 'q'], 'k', 'd']], /slope=(0\.25|1)/],
    ['hidden keys that count', ['w', ['when', 'mask', ['where', 'mask', 'x', 1], 'x']], /mask (?!full)/],
    ['an optional input that is left out', ['x', 'h'], /with gate/],
    ['another output', ['total', ['sum', 'h', 'n']], /total\[/],
  ])('are refused where the second form has %s', (_, statement, told) => {
    write(withStatement(...statement));
    const error = errorOf();
    expect(error).toBeInstanceOf(DocumentError);
    expect(error.document).toBe(join(folder, 'operators', 'two-forms.json'));
    expect(error.path).toBe('$.second.program');
    expect(error.problem).toMatch(
      /the two forms differ: d?\w+\[\d+\] is \S+ by \$\.program and \S+ by \$\.second\.program, further apart than both bounds/,
    );
    expect(error.problem).toMatch(/fix the one that differs from the formula$/);
    expect(error.problem).toMatch(told);
    expect(error.problem).toMatch(/b=1 hk=1 g=1 m=/);
  });

  it('are refused where a law does not hold of their program, with the smallest case', () => {
    write({ ...twoForms, laws: [{ rowsSumTo: 3 }] });
    const error = errorOf();
    expect(error.path).toBe('$.laws');
    expect(error.problem).toMatch(
      /the law that convex is about does not hold of the program: the weights do not sum to 3: with v all 1: o\[/,
    );
    expect(error.problem).toMatch(/for b=1 hk=1 g=1 m=1 n=1 .*remove the law, or fix the program$/);
  });

  it('are not held to each other where others are asked', () => {
    write(withStatement('x', 'h'));
    expect(loadSpec([folder], new Set(['softmax'])).documents).toHaveLength(1);
    expect(() => loadSpec([folder], new Set(['two-forms']))).toThrow(/the two forms differ/);
  });

  it('are refused by a run that asks a check of them, and by none that does not', async () => {
    write(withStatement('x', 'h'));
    const options = (adapter: string, filter: string) => [
      ...['run', '--adapter', adapter, '--spec', folder, '--out', join(folder, 'out'), '--runs', '1', '--filter', filter],
    ];
    const refused = await attnCts(...options('second-form', 'two-forms/full/oracle/f32'));
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/two-forms\.json: at \$\.second\.program: the two forms differ/);
    expect(await attnCts(...options('reference', 'softmax/full/oracle/f32'))).toMatchObject({ code: 0 });
  });

  it('are true where the Python package brings them, which no run holds them to all at once', () => {
    const { documents } = loadSpec([asset('adapters/backends/python/package/attn_cts/flashinfer/spec')]);
    expect(documents.filter(({ kind }) => kind === 'operator').length).toBeGreaterThan(4);
  });

  it('name the place in a second form that is no program', () => {
    write(withStatement('s', ['dot', 'q', 'v', 'd']));
    expect(errorOf().message).toMatch(/two-forms\.json: at \$\.second\.program\[0\]\[1\]: the second operand has no axis "d"/);
  });

  it('say what a second form does not fit', () => {
    write(withStatement('w', 'x'));
    expect(errorOf().message).toMatch(/at \$\.second\.program: does not fit \$\.masks: found "any", but the program does not use the mask/);
  });

  it('name an output of a second form with another axis', () => {
    write(withStatement('total', 'w'));
    expect(errorOf().message).toMatch(/two-forms\.json: at \$\.second\.program\[5\]/);
  });

  it('are refused by every command that loads them', async () => {
    write(withStatement('x', 'h'));
    await expect(listAction('operators', { spec: [folder] })).rejects.toThrow(
      /two-forms\.json: at \$\.second\.program: the two forms differ/,
    );
  });
});
