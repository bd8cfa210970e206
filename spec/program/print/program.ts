import { printExpression } from '../../expression/print.js';
import { afterOf, endsOf, isLoop, resultOf } from '../../operator/loops.js';
import type { Expression, Loop, Operator, Statement, Term } from '../../types/documents.js';
import { macros } from '../macros.js';
import type { Parameter } from '../primitive.js';
import { primitives } from '../registry.js';

const signs: Readonly<Record<string, readonly [sign: string, level: number]>> = {
  add: ['+', 3],
  sub: ['-', 3],
  mul: ['·', 4],
  scale: ['·', 4],
  div: ['/', 4],
};
/** Precedence of a text by itself, of `x where c, else y`, of its parts, and of an atom. */
const [open, choice, ofChoice, atom] = [0, 1, 2, 5];

type Kind = 'term' | 'scalar' | 'expression' | 'axis';
type Attributes = Readonly<Record<string, string | number | boolean>>;

/** Program as text, a line per statement: `s = $scale · sum(q · k over d)`. */
export function printProgram(program: Operator['program']): string[] {
  return program.map(printStatement);
}

function printStatement([name, term, attributes]: Statement): string {
  if (isLoop(term)) return `${name} = ${printLoop(term)}`;
  const stored = attributes?.store === 'always' ? ', stored between layers' : attributes?.store ? ', stored' : '';
  return `${name} = ${print(term, open)}${stored}`;
}

/** `for each n, s from initial { next = s + x; s becomes next } collecting next`, and so on. */
function printLoop(loop: Loop): string {
  const [kind, along, states, statements, { collect }] = loop;
  const times = kind === 'fold' ? `for each ${along}` : `${printExpression(along)} times`;
  const begun = Object.entries(states).map(([state, begin]) => `${state} from ${print(begin, open)}`);
  const becomes = afterOf(loop).map(([state, name]) => `${state} becomes ${name}`);
  const value = collect === undefined ? `giving the last ${resultOf(loop)}` : `collecting ${collect}`;
  const ends = endsOf(loop).map(([state, name]) => `${name} is the last ${state}`);
  return [`${[times, ...begun].join(', ')} { ${[...printProgram(statements), ...becomes].join('; ')} } ${value}`, ...ends].join(', ');
}

function print(term: Term, around: number): string {
  if (typeof term === 'number') return term < 0 && around > open ? `(${term})` : String(term);
  if (!Array.isArray(term)) return String(term);
  const [name, ...operands] = term as [string, ...Term[]];
  if (name === 'when') return within(choice, around, printChoice(operands, condition(operands[0])));
  if (name === 'where') return within(choice, around, printChoice(operands, `where ${print(operands[0], ofChoice)}`));
  if (name === 'dot') return call('sum', [`${print(operands[0], 4)} · ${print(operands[1], atom)}`], operands.slice(2).map(String), []);
  if (name === 'predicate') return `[${printExpression(operands[0] as Expression)}]`;
  const sign = signs[name];
  if (!sign) return printCall(name, operands);
  const [text, level] = sign;
  const left = name === 'scale' ? printScalar(operands[0], level) : print(operands[0], level);
  return within(level, around, `${left} ${text} ${print(operands[1], level + 1)}`);
}

function within(level: number, around: number, text: string): string {
  return level < around ? `(${text})` : text;
}

function printChoice([, yes, no]: readonly Term[], condition: string): string {
  return `${print(yes, ofChoice)} ${condition}, else ${print(no, ofChoice)}`;
}

function condition(name: Term): string {
  return name === 'mask' ? 'if there is a mask' : `if ${String(name)} is given`;
}

function printScalar(term: Term, around: number): string {
  const text = printExpression(term as Expression);
  return around > open && (text.includes(' ') || text.startsWith('-')) ? `(${text})` : text;
}

/** `topk(score over n, count $top, block $block, where candidate)`: operand, axes, named values. */
function printCall(name: string, given: readonly Term[]): string {
  const last = given.at(-1);
  const attributes = isAttributes(last) ? last : {};
  const operands = last === attributes ? given.slice(0, -1) : given;
  const parameters = parametersOf(name);
  const [values, axes, named]: [string[], string[], string[]] = [[], [], []];
  for (const [place, operand] of operands.entries()) {
    const { name: parameter, kind } = parameters[Math.min(place, parameters.length - 1)];
    if (kind === 'axis') axes.push(String(operand));
    else if (kind === 'term') values.push(print(operand, open));
    else named.push(`${parameter} ${kind === 'scalar' ? printScalar(operand, open) : printExpression(operand as Expression)}`);
  }
  for (const [key, value] of Object.entries(attributes)) if (value !== false) named.push(value === true ? key : `${key} ${value}`);
  return call(name, values, axes, named);
}

function call(name: string, values: readonly string[], axes: readonly string[], named: readonly string[]): string {
  const over = axes.length === 0 ? '' : `${values.length > 0 ? ' over ' : ''}${axes.join(', ')}`;
  return `${name}(${[values.join(', ') + over, ...named].join(', ')})`;
}

function isAttributes(term: Term | Attributes | undefined): term is Attributes {
  return typeof term === 'object' && !Array.isArray(term);
}

function parametersOf(name: string): readonly { readonly name: string; readonly kind: Kind }[] {
  const primitive = primitives.get(name);
  if (primitive) return primitive.parameters.map((parameter) => ({ name: parameter.name, kind: kindOf(parameter) }));
  return (macros.get(name)?.parameters ?? []).map((parameter, place) => ({
    name: parameter,
    kind: parameter === 'axis' ? 'axis' : place === 0 ? 'term' : 'scalar',
  }));
}

/** A named axis, like `from`, is printed with its name. */
function kindOf({ name, kind }: Parameter): Kind {
  if (kind === 'axis' || kind === 'axes') return name === kind ? 'axis' : 'scalar';
  return kind === 'scalar' || kind === 'expression' ? kind : 'term';
}
