import { parametersStruct } from './parameters.js';
import { common, groupNumber } from './shaders/common.js';

/** Access and element type of each buffer; T is the case's dtype. */
const buffers = {
  q: 'read T',
  k: 'read T',
  v: 'read T',
  extras: 'read u32',
  do_: 'read T',
  o: 'read_write T',
  // as bits, because it may be −∞
  lse: 'read_write u32',
  scores: 'read_write f32',
  sums: 'read_write f32',
  partial_o: 'read_write f32',
  partial_stats: 'read_write vec2f',
  // LSE and Δ, as bits
  row_stats: 'read_write vec2u',
  weights: 'read_write f32',
  gradients: 'read_write f32',
  dq: 'read_write T',
  dk: 'read_write T',
  dv: 'read_write T',
  dsink: 'read_write f32',
  dbias: 'read_write f32',
  dalibi: 'read_write f32',
} as const;

export type BufferName = keyof typeof buffers;

export interface Shader {
  readonly label: string;
  /** Buffers to bind, in this order, after the uniform. */
  readonly buffers: readonly BufferName[];
  readonly code: string;
}

export function isReadOnly(name: BufferName): boolean {
  return buffers[name].startsWith('read ');
}

/** Returns the whole text of a shader for a dtype. */
export function shaderCode(shader: Shader, dtype: 'f32' | 'f16'): string {
  const bindings = shader.buffers.map((name, at) => {
    const [access, type] = buffers[name].split(' ');
    return `@group(0) @binding(${at + 1}) var<storage, ${access}> ${name}: array<${type}>;`;
  });
  const extras = shader.buffers.includes('extras') ? common : '';
  return `${dtype === 'f16' ? 'enable f16;\n' : ''}alias T = ${dtype};
${parametersStruct}
@group(0) @binding(0) var<uniform> p: Parameters;
${bindings.join('\n')}
${groupNumber}
${extras}
${shader.code}
`;
}
