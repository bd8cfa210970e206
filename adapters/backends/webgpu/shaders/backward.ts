import type { Shader } from '../shader.js';
import { flatSize } from './common.js';

const rowStats = /* wgsl */ `
fn row_lse(row: u32) -> f32 {
  return bitcast<f32>(row_stats[row].x);
}

fn row_delta(row: u32) -> f32 {
  return bitcast<f32>(row_stats[row].y);
}
`;

/** Cell gradients; needs `extras` and `row_stats`. */
export const cellGradient = /* wgsl */ `${rowStats}
struct Cell {
  // P = exp(s − lse)
  weight: f32,
  // d loss / d s = P·(dP − Δ)
  gradient: f32,
  // by the scaled product of q and k
  inner: f32,
}

// product: q·k; value: dP = do·v
fn cell_gradient(product: f32, value: f32, b: u32, h: u32, i: u32, j: u32, row: u32) -> Cell {
  if (!visible(b, h, i, j)) { return Cell(0.0, 0.0, 0.0); }
  let s = score(product, b, h, i, j);
  let w = weight(s.value - row_lse(row));
  let gradient = w * (value - row_delta(row));
  return Cell(w, gradient, gradient * s.slope);
}
`;

/** row_stats [b, heads, m]: LSE and Δ = Σ do·o − dlse. One thread per row. */
export const backwardDelta: Shader = {
  label: 'backward delta',
  buffers: ['extras', 'do_', 'o', 'lse', 'row_stats'],
  code: /* wgsl */ `@compute @workgroup_size(${flatSize})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group_number(group, groups) * ${flatSize}u + lane;
  if (row >= p.b * p.hk * p.g * p.m) { return; }
  var sum = 0.0;
  for (var x = 0u; x < p.e; x++) { sum += f32(do_[row * p.e + x]) * f32(o[row * p.e + x]); }
  if (p.dlse_at != ABSENT) { sum -= extra(p.dlse_at + row); }
  row_stats[row] = vec2u(lse[row], bitcast<u32>(sum));
}`,
};

/** dsink [heads] = −Σ exp(sink − lse)·Δ. One workgroup per head. */
export const backwardSink: Shader = {
  label: 'backward sink',
  buffers: ['extras', 'row_stats', 'dsink'],
  code: /* wgsl */ `${rowStats}
var<workgroup> sums: array<f32, ${flatSize}>;

@compute @workgroup_size(${flatSize})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let heads = p.hk * p.g;
  let h = group_number(group, groups);
  if (h >= heads) { return; }
  let sink = extra(p.sink_at + h);
  var sum = 0.0;
  for (var x = lane; x < p.b * p.m; x += ${flatSize}u) {
    let row = (x / p.m * heads + h) * p.m + x % p.m;
    sum -= weight(sink - row_lse(row)) * row_delta(row);
  }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane != 0u) { return; }
  for (var x = 1u; x < ${flatSize}u; x++) { sum += sums[x]; }
  dsink[h] = sum;
}`,
};

const oneCell = /* wgsl */ `${cellGradient}
fn gradient_at(b: u32, h: u32, i: u32, j: u32) -> f32 {
  let heads = p.hk * p.g;
  let row = (b * heads + h) * p.m + i;
  let kv = (b * heads + h) / p.g;
  var product = 0.0;
  for (var x = 0u; x < p.d; x++) { product += f32(q[row * p.d + x]) * f32(k[(kv * p.n + j) * p.d + x]); }
  var value = 0.0;
  for (var x = 0u; x < p.e; x++) { value += f32(do_[row * p.e + x]) * f32(v[(kv * p.n + j) * p.e + x]); }
  return cell_gradient(product, value, b, h, i, j, row).gradient;
}
`;

/** dbias: dS, summed over broadcast axes. One thread per element. */
export const backwardBias: Shader = {
  label: 'backward bias',
  buffers: ['q', 'k', 'v', 'extras', 'do_', 'row_stats', 'dbias'],
  code: /* wgsl */ `${oneCell}
@compute @workgroup_size(${flatSize})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  // a stride of 0: the axis has size 1, and stands for all of it
  let rows = select(1u, p.m, p.bias_i != 0u);
  let heads = select(1u, p.hk * p.g, p.bias_h != 0u);
  let batch = select(1u, p.b, p.bias_b != 0u);
  let at = group_number(group, groups) * ${flatSize}u + lane;
  if (at >= batch * heads * rows * p.n) { return; }
  let j = at % p.n;
  let i = at / p.n % rows;
  let h = at / p.n / rows % heads;
  let b = at / p.n / rows / heads;
  var sum = 0.0;
  for (var bb = b; bb < p.b; bb += batch) {
    for (var hh = h; hh < p.hk * p.g; hh += heads) {
      for (var ii = i; ii < p.m; ii += rows) { sum += gradient_at(bb, hh, ii, j); }
    }
  }
  dbias[at] = sum;
}`,
};

/** dalibi [heads]: Σ dS times the distance. One workgroup per head. */
export const backwardAlibi: Shader = {
  label: 'backward alibi',
  buffers: ['q', 'k', 'v', 'extras', 'do_', 'row_stats', 'dalibi'],
  code: /* wgsl */ `${oneCell}
var<workgroup> sums: array<f32, ${flatSize}>;

@compute @workgroup_size(${flatSize})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let h = group_number(group, groups);
  if (h >= p.hk * p.g) { return; }
  var sum = 0.0;
  for (var b = 0u; b < p.b; b++) {
    for (var i = 0u; i < p.m; i++) {
      for (var j = first_key(i) + lane; j < end_key(i); j += ${flatSize}u) { sum += gradient_at(b, h, i, j) * distance(i, j); }
    }
  }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane != 0u) { return; }
  for (var x = 1u; x < ${flatSize}u; x++) { sum += sums[x]; }
  dalibi[h] = sum;
}`,
};
