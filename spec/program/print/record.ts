import { printExpression } from '../../expression/print.js';
import { codeOf, commonAxes, declaredAxes, inputsOf, namesEmptyOutput, ownAxes, queryAxisOf, setOf } from '../../operator/facts.js';
import type { Law, LawCondition, Operator } from '../../types/documents.js';
import { printProgram } from './program.js';

/** Law of a document in one sentence. */
export function printLaw(law: Law): string {
  if (law === 'causal') return 'A query sees no later token.';
  if ('split' in law) return splitLaw(law);
  const sentence = sentenceOf(law);
  const conditions = conditionsOf(law.when ?? {});
  return conditions === '' ? sentence : `Where ${conditions}, ${sentence[0].toLowerCase()}${sentence.slice(1)}`;
}

function sentenceOf(law: Exclude<Law, 'causal' | { split: string }>): string {
  if ('linear' in law) return `The outputs are linear in ${listed(law.linear)}${law.linear.length > 1 ? ' together' : ''}.`;
  if ('permute' in law) {
    const permuting = `Permuting ${listed(law.together)}${law.together.length > 1 ? ' together' : ''} along ${law.permute}`;
    return law.outputs ? `${permuting} permutes ${listed(law.outputs)} in the same way.` : `${permuting} changes nothing.`;
  }
  if ('rowsSumTo' in law) {
    const { values = ['v'], rowsSumTo } = law;
    return `The weights sum to ${rowsSumTo}: with ${listed(values)} 1 everywhere, every row of o that sees a key is ${rowsSumTo}.`;
  }
  const mask = law.mask === undefined ? [] : [`mask ${law.mask}`];
  const options = Object.entries(law.options ?? {}).map(([name, value]) => `${name} = ${value}`);
  const call = [...mask, ...options];
  return `The operator is ${law.equals}${call.length > 0 ? ` with ${listed(call)}` : ''}.`;
}

function splitLaw({ split, state }: Extract<Law, { split: string }>): string {
  const handed = Object.entries(state).map(([input, output]) => `${input} is ${output} of the first run`);
  return `A run over all tokens along ${split} equals a run over the first tokens and a run over the rest, whose ${listed(handed)}.`;
}

function conditionsOf(when: LawCondition): string {
  return listed(Object.entries(when).map(([name, value]) => `${name} is ${value}`));
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** Record of an operator: its document with all defaults, programs and laws as text. */
export type OperatorRecord = ReturnType<typeof operatorRecord>;

export function operatorRecord(operator: Operator) {
  const {
    name,
    family,
    version,
    title,
    also = [],
    formula,
    outputs,
    second,
    tied = [],
    masks = ['full'],
    laws = [],
    source = [],
  } = operator;
  return {
    name,
    family,
    version,
    title,
    also,
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
    g: declaredAxes(operator).q?.includes('g') === false ? 'value heads of each key head' : 'query heads of each key head',
    m: 'queries',
    n: queryAxisOf(operator) === 'n' ? 'tokens: queries and keys' : 'keys',
    d: 'channels of queries and keys',
    e: 'channels of values',
  };
  const common = commonAxes.filter((axis) => used.has(axis)).map((axis) => ({ name: axis, rule: words[axis] }));
  const axes = [...common, ...ownAxes(operator).map((axis) => ({ name: axis, rule: ruleOf(operator, axis) }))];
  return axes.map(({ name, rule }) => ({ name, rule: operator.least?.[name] ? `${rule}, at least ${operator.least[name]}` : rule }));
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
  if (namesEmptyOutput(operator)) return 'the dialect decides: 0, NaN or the mean of the values';
  return 'the program decides: an empty sum is 0, and 0/0 is not judged';
}
