import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createLibrary } from '../../dist/spec/library.js';
import type { OperatorRecord } from '../../dist/spec/program/print/record.js';
import { printed } from './command-line.js';
import { formulaTex } from './formula.js';
import {
  alsoOf,
  block,
  code,
  figure,
  formulas,
  listing,
  type Page,
  paragraphs,
  prose,
  type Section,
  searchedOf,
  sourcesOf,
  table,
} from './page.js';

/** Pages of the operators, a section for each family, by what `attn-cts operator` says of them. @param folder where their pictures go. */
export async function operatorSections(folder: string): Promise<Section[]> {
  // what most kernels are comes first
  const families = new Map<string, Page[]>([['softmax', []]]);
  const index: string[] = [];
  const figures = new Map<string, string>();
  mkdirSync(join(folder, 'operators'), { recursive: true });
  for (const { name } of createLibrary().operators.values()) {
    const { record, isDrawn } = await recordOf(name, folder);
    if (isDrawn) figures.set(name, figure(record));
    const pages = families.get(record.family) ?? [];
    families.set(record.family, [
      ...pages,
      { path: `operators/${name}.md`, name, text: pageOf(record, isDrawn), ...searchedOf(record, 'operator') },
    ]);
    index.push(`| [${name}](./${name}.md) | [${record.family}](#${record.family}) | ${prose(record.title)} |`);
  }
  const gallery = [...families].map(([family, pages]) =>
    [`## ${family}`, '<div class="gallery">', ...pages.flatMap(({ name }) => figures.get(name) ?? []), '</div>'].join('\n\n'),
  );
  const text = paragraphs(
    '# Operators',
    'Each operator is a document: a formula, inputs, a tensor program, laws that every implementation keeps, and a second form that tests the first. ' +
      'Each row of a picture is a query and each column a key, in a small case of one head whose tokens are much alike: the darker a cell, the more the ' +
      'value of the key counts in the output. A window, a sink, a block or a decay is seen by its shape.',
    'An operator of your own is a document of the same form: see [operators and masks of your own](../../guide/own-documents.md).',
    ...gallery,
    '## All by name',
    ['| operator | family | what it is |', '|---|---|---|', ...index.sort()].join('\n'),
  );
  const first: Section = { title: 'Operators', pages: [{ path: 'operators/index.md', name: 'All operators', text }] };
  return [first, ...[...families].map(([family, pages]) => ({ title: `Operators: ${family}`, pages }))];
}

/** An operator's record and picture. Without a picture if there is nothing to draw. */
async function recordOf(name: string, folder: string): Promise<{ record: OperatorRecord; isDrawn: boolean }> {
  const parsed = (text: string) => JSON.parse(text) as OperatorRecord;
  try {
    return { record: parsed(await printed('operator', name, '--json', '--svg', join(folder, 'operators', `${name}.svg`))), isDrawn: true };
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('there is nothing to draw'))) throw error;
    return { record: parsed(await printed('operator', name, '--json')), isDrawn: false };
  }
}

function pageOf(record: OperatorRecord, hasPicture: boolean): string {
  const { name, family, version, title, formula, inputs, options, axes, tied, outputs, masks, emptyRow, program, laws, second, source } =
    record;
  const axesOf = (names: readonly string[]) => code(`[${names.join(', ')}]`);
  return paragraphs(
    `# ${name}`,
    `${prose(title)}.`,
    alsoOf(record),
    formulas(formulaTex(formula)),
    hasPicture
      ? `![A small case of ${name}](./${name}.svg)\n\nEach row is a query and each column a key. The darker a cell, the more the key's value counts in the query's output.`
      : '',
    `Version ${version}, of the family [${family}](./index.md#${family}). In a terminal: ${code(`npx attention-cts operator ${name}`)}. ` +
      `What holds for a kernel of it: ${code(`npx attention-cts run ./kernel.ts --filter '${name}*/**'`)}.`,
    '## Inputs',
    listing(
      ['input', 'axes', 'elements', 'gradient', 'meaning'],
      inputs.map((input) => [
        code(input.name),
        axesOf(input.axes),
        elementsOf(input) + (input.optional ? ', optional' : ''),
        input.gradient ? 'yes' : 'no',
        prose(input.title ?? ''),
      ]),
    ),
    options.length > 0 ? '## Options' : '',
    listing(
      ['option', 'default', 'tests draw'],
      options.map((option) => [
        code(option.name),
        option.default === null ? 'none' : code(option.default),
        option.values ? option.values.join(', ') : option.range ? option.range.join(' to ') : '',
      ]),
    ),
    '## Outputs, masks, rows without keys',
    table(
      ['output', 'axes'],
      outputs.map((output) => [code(output.name), axesOf(output.axes)]),
    ),
    `Masks: ${masks === 'any' ? 'any' : masks.map((mask) => `[${mask}](../masks/${mask}.md)`).join(', ')}. A row without keys gives ${prose(emptyRow)}.`,
    table(
      ['axis', 'length'],
      [...axes.map((axis) => [code(axis.name), prose(axis.rule)]), ...tied.map(([x, y]) => [code(x), `as long as ${code(y)}`])],
    ),
    '## Program',
    `${code('$x')} is an option and ${code('#x')} the length of an axis.`,
    block('text', program),
    laws.length > 0 ? '## Laws' : '',
    laws.map((law) => `- ${prose(law)}`).join('\n'),
    second ? `## Second form: ${prose(second.title)}` : '',
    second && block('text', second.program),
    source.length > 0 ? '## Sources' : '',
    sourcesOf(source),
  );
}

function elementsOf({ kind, of, format, draw, stored }: OperatorRecord['inputs'][number]): string {
  const words = { number: `numbers, drawn ${draw}`, boolean: 'booleans', index: `indices of ${of}`, code: `codes of ${format}` };
  return `${words[kind]}${stored === undefined ? '' : `, stored as ${stored}`}`;
}
