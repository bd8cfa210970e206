import type { DType, TensorDType } from '../../../spec/tensor/dtype.js';

/** C type, as a header declares it. */
export interface CType {
  /** Type name without const and pointer: float, int32_t, void, … */
  readonly base: string;
  readonly pointer: boolean;
  readonly constant: boolean;
}

/** Names of C number types, with their names in the call library. A bool is passed as a byte. */
const numbers: Readonly<Record<string, string>> = {
  bool: 'uint8_t',
  _Bool: 'uint8_t',
  int: 'int',
  unsigned: 'unsigned int',
  'unsigned int': 'unsigned int',
  long: 'long',
  'long int': 'long',
  'unsigned long': 'unsigned long',
  'long long': 'long long',
  'unsigned long long': 'unsigned long long',
  size_t: 'size_t',
  ...Object.fromEntries([8, 16, 32, 64].flatMap((bits) => [`int${bits}_t`, `uint${bits}_t`].map((name) => [name, name]))),
  float: 'float',
  double: 'double',
};

export const baseTypes: readonly string[] = [...Object.keys(numbers), 'void'];

const elements: Readonly<Record<TensorDType, readonly string[]>> = {
  f64: ['double'],
  f32: ['float'],
  f16: ['uint16_t'],
  bf16: ['uint16_t'],
  f8e4m3: ['uint8_t'],
  f8e5m2: ['uint8_t'],
  i32: ['int32_t', 'int'],
  i8: ['int8_t'],
  u8: ['uint8_t'],
  bool: ['uint8_t', 'bool', '_Bool'],
};

/** Parses `const float *`, `float const*`, `int32_t`, …; returns undefined if it is no C type. */
export function parseCType(text: string): CType | undefined {
  const words = text.replaceAll('*', ' * ').trim().split(/\s+/);
  const star = words.indexOf('*');
  const pointer = star !== -1;
  const after = pointer ? words.slice(star + 1) : [];
  if (after.some((word) => !['const', 'restrict', '__restrict', '__restrict__'].includes(word))) return undefined;
  const before = pointer ? words.slice(0, star) : words;
  const rest = before.filter((word) => word !== 'const');
  if (before.length - rest.length > 1) return undefined;
  const base = rest.join(' ');
  if (!baseTypes.includes(base) || (base === 'void' && !pointer)) return undefined;
  return { base, pointer, constant: rest.length < before.length };
}

/** Returns the call library's name of a type. Pointer targets were checked with the manifest. */
export function callType({ base, pointer }: CType): string {
  return pointer ? 'void *' : numbers[base];
}

export function isInteger({ base, pointer }: CType): boolean {
  return !pointer && base !== 'float' && base !== 'double';
}

export function pointsAt({ base, pointer }: CType, dtype: TensorDType): boolean {
  return pointer && (base === 'void' || elements[dtype].includes(base));
}

export function pointersTo(dtypes: readonly TensorDType[]): string {
  const common = elements[dtypes[0]].find((base) => dtypes.every((dtype) => elements[dtype].includes(base)));
  return `${common ?? 'void'} *`;
}

/** Returns the dtype stored through an output pointer: the case's dtype or a wider float. */
export function storedAs({ base }: CType, dtype: DType): DType {
  if (base === 'double') return 'f64';
  return base === 'float' ? 'f32' : dtype;
}
