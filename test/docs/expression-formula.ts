import type { Expression } from '../../dist/spec/types/documents.js';

/** Sign and precedence of an operation that stands between its operands; larger numbers bind tighter, as in `printExpression`. */
const signs: Readonly<Record<string, readonly [sign: string, level: number]>> = {
  or: ['\\lor', 1],
  and: ['\\land', 2],
  '<': ['<', 4],
  '<=': ['\\le', 4],
  '>': ['>', 4],
  '>=': ['\\ge', 4],
  '=': ['=', 4],
  '+': ['+', 5],
  '-': ['-', 5],
  '*': ['\\cdot', 6],
  // in brackets in a sum and a product
  mod: ['\\bmod', 4.5],
};
const [negation, comparison, sum, product, atom] = [3, 4, 5, 6, 7];

/** Functions that are not written as `name(x)`. */
const functions: Readonly<Record<string, (operands: readonly Expression[]) => string>> = {
  pow: ([x, y]) => `${tex(x, atom)}^{${tex(y, 0)}}`,
  sqrt: ([x]) => `\\sqrt{${tex(x, 0)}}`,
  floor: ([x]) => between('\\lfloor ', tex(x, 0), '\\rfloor '),
  abs: ([x]) => between('\\lvert ', tex(x, 0), '\\rvert '),
  log2: ([x]) => `\\log_2 ${bracketed(tex(x, 0))}`,
  at: ([table, ...places]) => `${tex(table, atom)}[${places.map((place) => tex(place, 0)).join(', ')}]`,
};

/** An expression of a document in TeX. */
export function expressionTex(expression: Expression): string {
  return tex(expression, 0);
}

function tex(e: Expression, around: number): string {
  if (typeof e === 'number') return e < 0 && around > sum ? `(${e})` : String(e);
  if (typeof e === 'string') return nameTex(e);
  const name = e[0] as string;
  const operands = e.slice(1);
  if (name === 'not') {
    const text = `\\lnot ${tex(operands[0], comparison + 1)}`;
    return negation < around ? bracketed(text) : text;
  }
  if (name === '/') return quotient(operands[0], operands[1], around);
  const own = functions[name];
  // a power is not raised to a power without brackets
  if (own) return name === 'pow' && around === atom ? bracketed(own(operands)) : own(operands);
  if (!signs[name]) return `${nameTex(name)}${bracketed(operands.map((x) => tex(x, 0)).join(', '))}`;
  const [sign, level] = signs[name];
  // operands after the first bind tighter: a - (b - c); comparisons do not chain, and of mod both are atoms
  const least = (place: number) => (place === 0 && level !== comparison ? level : level + 1);
  const texts = operands.map((x, place) => tex(x, name === 'mod' ? atom : least(place)));
  return level < around ? bracketed(texts.join(` ${sign} `)) : texts.join(` ${sign} `);
}

/** A fraction, or on one line if a part of it is high. */
function quotient(x: Expression, y: Expression, around: number): string {
  const [above, below] = [tex(x, 0), tex(y, 0)];
  if (!isHigh(above) && !isHigh(below)) return around === atom ? bracketed(`\\frac{${above}}{${below}}`) : `\\frac{${above}}{${below}}`;
  const text = `${tex(x, product)} / ${tex(y, atom)}`;
  return product < around ? bracketed(text) : text;
}

function isHigh(text: string): boolean {
  return text.includes('\\frac');
}

function bracketed(text: string): string {
  return between('(', text, ')');
}

/** Text in brackets that are as high as it is; ones of plain height leave room for a break of the line. */
function between(open: string, text: string, close: string): string {
  return isHigh(text) ? `\\left${open}${text} \\right${close}` : `${open}${text}${close}`;
}

/** Name of a variable, a table or an axis, such as `i`, `left` or `#h`. */
function nameTex(name: string): string {
  const [, mark, letters] = /^(#?)(.*)$/.exec(name) as RegExpExecArray;
  return `${mark && '\\#'}${letters.length === 1 ? letters : `\\text{${letters.replaceAll('_', '\\_')}}`}`;
}
