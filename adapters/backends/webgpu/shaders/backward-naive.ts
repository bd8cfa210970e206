import type { Shader } from '../shader.js';
import { cellGradient } from './backward.js';
import { flatSize } from './common.js';

const entry = `@compute @workgroup_size(${flatSize})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let at = group_number(group, groups) * ${flatSize}u + lane;`;

/** P and gradients of scaled products, each [b, heads, m, n]. One thread per cell. */
export const naiveCells: Shader = {
  label: 'naive backward cells',
  buffers: ['q', 'k', 'v', 'extras', 'do_', 'row_stats', 'weights', 'gradients'],
  code: /* wgsl */ `${cellGradient}
${entry}
  if (at >= p.b * p.hk * p.g * p.m * p.n) { return; }
  let j = at % p.n;
  let row = at / p.n;
  let head = row / p.m;
  let key = (head / p.g) * p.n + j;
  var product = 0.0;
  for (var x = 0u; x < p.d; x++) { product += f32(q[row * p.d + x]) * f32(k[key * p.d + x]); }
  var value = 0.0;
  for (var x = 0u; x < p.e; x++) { value += f32(do_[row * p.e + x]) * f32(v[key * p.e + x]); }
  let cell = cell_gradient(product, value, head / (p.hk * p.g), head % (p.hk * p.g), row % p.m, j, row);
  weights[at] = cell.weight;
  gradients[at] = cell.inner;
}`,
};

/** dq. One thread per element. */
export const naiveQuery: Shader = {
  label: 'naive backward query',
  buffers: ['k', 'gradients', 'dq'],
  code: /* wgsl */ `${entry}
  if (at >= p.b * p.hk * p.g * p.m * p.d) { return; }
  let row = at / p.d;
  let key = (row / p.m / p.g) * p.n * p.d + at % p.d;
  var sum = 0.0;
  for (var j = 0u; j < p.n; j++) {
    let gradient = gradients[row * p.n + j];
    if (gradient != 0.0) { sum += gradient * f32(k[key + j * p.d]); }
  }
  dq[at] = T(sum * p.scale);
}`,
};

/** Returns a shader of dk or dv, [b, hk, n, width], summed over rows of all query heads. */
function keySide(
  label: string,
  from: 'q' | 'do_',
  cells: 'weights' | 'gradients',
  to: 'dk' | 'dv',
  width: 'd' | 'e',
  factor: string,
): Shader {
  return {
    label,
    buffers: [from, cells, to],
    code: /* wgsl */ `${entry}
  if (at >= p.b * p.hk * p.n * p.${width}) { return; }
  let x = at % p.${width};
  let j = at / p.${width} % p.n;
  let first = at / p.${width} / p.n * p.g * p.m;
  var sum = 0.0;
  for (var row = first; row < first + p.g * p.m; row++) { sum += ${cells}[row * p.n + j] * f32(${from}[row * p.${width} + x]); }
  ${to}[at] = T(sum${factor});
}`,
  };
}

export const naiveKey = keySide('naive backward key', 'q', 'gradients', 'dk', 'd', ' * p.scale');
export const naiveValue = keySide('naive backward value', 'do_', 'weights', 'dv', 'e', '');
