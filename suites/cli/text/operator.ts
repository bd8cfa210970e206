import { printExpression } from '../../../spec/expression/print.js';
import { codeOf, commonAxes, declaredAxes, inputsOf, namesEmptyOutput, ownAxes, queryAxisOf, setOf } from '../../../spec/operator/facts.js';
import { printLaw } from '../../../spec/operator/print/law.js';
import { printProgram } from '../../../spec/operator/print/program.js';
import type { Operator } from '../../../spec/types/documents.js';

/** Record of an operator for readers: its document with every default filled in, programs and laws as text. */
export type OperatorRecord = ReturnType<typeof operatorRecord>;

export function operatorRecord(operator: Operator) {
  const { name, family, version, title, formula, outputs, second, tied = [], masks = ['full'], laws = [], source = [] } = operator;
  return {
    name,
    family,
    version,
    title,
    formula,
    inputs: Object.entries(inputsOf(operator)).map(([input, facts]) => ({ name: input, ...facts })),
    options: Object.entries(operator.options ?? {}).map(([option, { default: value, values, range }]) => ({
      name: option,
      default: value === null ? null : printExpression(value),
      ...(values && { values }),
      ...(range && { range }),
    })),
    axes: axesOf(operator),
    tied,
    outputs: Object.entries(outputs).map(([output, axes]) => {
      const set = setOf(operator, output);
      const codes = codeOf(operator, output);
      return { name: output, axes, ...(set && { set }), ...(codes && { codes }) };
    }),
    masks,
    emptyRow: emptyRowOf(operator),
    program: printProgram(operator.program),
    laws: laws.map(printLaw),
    ...(second && { second: { title: second.title, program: printProgram(second.program) } }),
    source,
  };
}

function axesOf(operator: Operator): { name: string; rule: string }[] {
  const used = new Set([...Object.values(declaredAxes(operator)), ...Object.values(operator.outputs)].flat());
  const words: Record<string, string> = {
    b: 'batch entries',
    hk: 'key heads',
    g: 'query heads of each key head',
    m: 'queries',
    n: queryAxisOf(operator) === 'n' ? 'tokens: queries and keys' : 'keys',
    d: 'channels of queries and keys',
    e: 'channels of values',
  };
  const common = commonAxes.filter((axis) => used.has(axis)).map((axis) => ({ name: axis, rule: words[axis] }));
  return [...common, ...ownAxes(operator).map((axis) => ({ name: axis, rule: ruleOf(operator, axis) }))];
}

function ruleOf({ axes }: Operator, axis: string): string {
  const rule = axes?.[axis] ?? { draw: [1, 5] };
  if ('same' in rule) return `as long as ${rule.same}`;
  if ('size' in rule) return `${printExpression(rule.size)} long`;
  const [least, most] = rule.draw;
  return least === most ? `${least} long` : `tests draw ${least} to ${most}`;
}

function emptyRowOf(operator: Operator): string {
  if (operator.emptyRow !== undefined) return operator.emptyRow === 'nan' ? 'NaN' : '0';
  if (namesEmptyOutput(operator)) return 'what the dialect says: 0, NaN or the mean of the values';
  return 'what the program gives: a sum over nothing is 0, and 0/0 is not judged';
}

/** An operator in words, for a terminal. */
export function describeOperator(record: OperatorRecord): string {
  const { name, family, version, title, formula, masks, emptyRow, second } = record;
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
    ...sections.filter(([, lines]) => lines.length > 0).flatMap(([heading, lines]) => ['', heading, ...lines.map((line) => `  ${line}`)]),
    '',
  ].join('\n');
}

/** A set is shown as a kernel gives it. */
function outputLine({ name, axes, set, codes }: OperatorRecord['outputs'][number]): string {
  if (codes) return `${name} [${axes.join(', ')}] (codes of ${codes}, judged bit by bit)`;
  if (!set) return `${name} [${axes.join(', ')}]`;
  return `${name} [${[...axes.slice(0, -1), set.slots].join(', ')}] (a set of places along ${set.of}: int32, in any order, -1 in slots that are left)`;
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
