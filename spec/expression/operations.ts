/** Type of an operand or result; booleans are 0 and 1. */
export type ExpressionType = 'number' | 'boolean';

export interface Operation {
  readonly operands: ExpressionType;
  readonly result: ExpressionType;
  /** Number of operands; three or more are combined in pairs from the left. */
  readonly least: number;
  readonly most: number;
  apply(x: number, y: number): number;
}

const arithmetic = { operands: 'number', result: 'number', least: 2, most: Infinity } as const;
const binary = { ...arithmetic, most: 2 } as const;
const unary = { ...arithmetic, least: 1, most: 1 } as const;
const comparison = { operands: 'number', result: 'boolean', least: 2, most: 2 } as const;
const logic = { operands: 'boolean', result: 'boolean', least: 2, most: Infinity } as const;

/** Operations by name, except the table lookup `at`. */
export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['+', { ...arithmetic, apply: (x, y) => x + y }],
  ['-', { ...binary, apply: (x, y) => x - y }],
  ['*', { ...arithmetic, apply: (x, y) => x * y }],
  ['/', { ...binary, apply: (x, y) => x / y }],
  ['min', { ...arithmetic, apply: (x, y) => Math.min(x, y) }],
  ['max', { ...arithmetic, apply: (x, y) => Math.max(x, y) }],
  ['floor', { ...unary, apply: (x) => Math.floor(x) }],
  ['sqrt', { ...unary, apply: (x) => Math.sqrt(x) }],
  // has the sign of the divisor, so that negative positions are in blocks too
  ['mod', { ...binary, apply: (x, y) => x - y * Math.floor(x / y) }],
  ['abs', { ...unary, apply: (x) => Math.abs(x) }],
  ['log2', { ...unary, apply: (x) => Math.log2(x) }],
  ['pow', { ...binary, apply: (x, y) => x ** y }],
  ['<', { ...comparison, apply: (x, y) => (x < y ? 1 : 0) }],
  ['<=', { ...comparison, apply: (x, y) => (x <= y ? 1 : 0) }],
  ['>', { ...comparison, apply: (x, y) => (x > y ? 1 : 0) }],
  ['>=', { ...comparison, apply: (x, y) => (x >= y ? 1 : 0) }],
  ['=', { ...comparison, apply: (x, y) => (x === y ? 1 : 0) }],
  ['and', { ...logic, apply: (x, y) => x && y }],
  ['or', { ...logic, apply: (x, y) => x || y }],
  ['not', { ...logic, least: 1, most: 1, apply: (x) => 1 - x }],
]);
