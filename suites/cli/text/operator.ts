import { formatTable } from '../../../reports/text/table.js';
import { type AlsoCalled, alsoText } from '../../../spec/also.js';
import type { OperatorRecord } from '../../../spec/program/print/record.js';

/** Describes an operator for a terminal. */
export function describeOperator(record: OperatorRecord): string {
  const { name, family, version, title, formula, masks, emptyRow, second } = record;
  const also = alsoText(record);
  const sections: [string, readonly string[]][] = [
    ['formula', [formula]],
    ['inputs', record.inputs.map(inputLine)],
    ['options', record.options.map(optionLine)],
    ['axes', [...record.axes.map((axis) => `${axis.name}: ${axis.rule}`), ...record.tied.map((pair) => `${pair.join(' = ')}`)]],
    ['outputs', record.outputs.map(outputLine)],
    ['masks', [masks === 'any' ? 'any' : masks.join(', ')]],
    ['a row without keys', [emptyRow]],
    ['program', record.program],
    ['laws', record.laws],
    [`second form: ${second?.title}`, second?.program ?? []],
    ['sources', record.source.map((source) => (source.url === undefined ? source.title : `${source.title}: ${source.url}`))],
  ];
  return [
    `${name} ${version}, of the family ${family}`,
    title,
    ...(also === '' ? [] : [`also called ${also}`]),
    ...sections.filter(([, lines]) => lines.length > 0).flatMap(([heading, lines]) => ['', heading, ...lines.map((line) => `  ${line}`)]),
    '',
  ].join('\n');
}

/** Describes the documents with an alias, e.g. a model's name, with the command to show each. */
export function describeCalled(name: string, called: readonly AlsoCalled[]): string {
  const shows = { operator: 'npx attention-cts operator', mask: 'npx attention-cts mask', scheme: 'npx attention-cts simulate --scheme' };
  const rows = called.map(({ kind, name: document, by, title }) => [`${shows[kind]} ${document}`, by ?? '', title]);
  return `"${name}" is:\n\n${formatTable(['SHOW IT', 'WHICH PART', 'TITLE'], rows)}`;
}

function outputLine({ name, axes, set, codes }: OperatorRecord['outputs'][number]): string {
  if (codes) return `${name} [${axes.join(', ')}] (codes of ${codes}, judged bit by bit)`;
  if (!set) return `${name} [${axes.join(', ')}]`;
  return `${name} [${[...axes.slice(0, -1), set.slots].join(', ')}] (a set of indices along ${set.of}: int32, in any order, -1 in unused slots)`;
}

function inputLine({
  name,
  axes,
  kind,
  of,
  format,
  packed,
  draw,
  stored,
  optional,
  gradient,
  title,
}: OperatorRecord['inputs'][number]): string {
  const what = {
    number: `numbers, drawn ${draw}`,
    boolean: 'booleans',
    index: `indices of ${of}`,
    code: `codes of ${format}${packed ? ', two in a byte' : ''}`,
  }[kind];
  const facts = [
    ...(optional ? ['optional'] : []),
    what,
    ...(stored === undefined ? [] : [`stored as ${stored}`]),
    gradient ? 'with a gradient' : 'no gradient',
  ];
  return `${name} [${axes.join(', ')}] (${facts.join(', ')})${title === undefined ? '' : `: ${title}`}`;
}

function optionLine({ name, default: value, values, range }: OperatorRecord['options'][number]): string {
  const drawn = values ? ` (tests draw ${values.join(', ')})` : range ? ` (tests draw ${range.join(' to ')})` : '';
  return `${name}: ${value === null ? 'none' : value} by default${drawn}`;
}
