import type { Shader } from '../shader.js';
import { flatSize } from './common.js';

const entry = `@compute @workgroup_size(${flatSize})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let at = group_number(group, groups) * ${flatSize}u + lane;`;

/** scores [b, heads, m, n]. One thread per score. */
export const naiveScores: Shader = {
  label: 'naive scores',
  buffers: ['q', 'k', 'extras', 'scores'],
  code: /* wgsl */ `${entry}
  if (at >= p.b * p.hk * p.g * p.m * p.n) { return; }
  let j = at % p.n;
  let row = at / p.n;
  let i = row % p.m;
  let head = row / p.m;
  let h = head % (p.hk * p.g);
  let b = head / (p.hk * p.g);
  let key = key_row(head / p.g, j) * p.d;
  var product = 0.0;
  for (var x = 0u; x < p.d; x++) { product += f32(q[row * p.d + x]) * f32(k[key + x]); }
  scores[at] = select(HIDDEN, score(product, b, h, i, j).value, visible(b, h, i, j));
}`,
};

/** Weights exp(s − max), their sums [b, heads, m], and lse. One thread per row. */
export const naiveSoftmax: Shader = {
  label: 'naive softmax',
  buffers: ['extras', 'scores', 'sums', 'lse'],
  code: /* wgsl */ `${entry}
  if (at >= p.b * p.hk * p.g * p.m) { return; }
  let begin = at * p.n;
  var top = HIDDEN;
  for (var j = 0u; j < p.n; j++) { top = max(top, scores[begin + j]); }
  var sum = 0.0;
  if (p.sink_at != ABSENT) {
    let sink = extra(p.sink_at + (at / p.m) % (p.hk * p.g));
    top = max(top, sink);
    sum = weight(sink - top);
  }
  for (var j = 0u; j < p.n; j++) {
    let s = scores[begin + j];
    let w = select(0.0, weight(s - top), s > HIDDEN);
    scores[begin + j] = w;
    sum += w;
  }
  sums[at] = sum;
  lse[at] = select(NEGATIVE_INFINITY, bitcast<u32>(top + log(sum)), sum > 0.0);
}`,
};

/** o. One thread per element. */
export const naiveOutput: Shader = {
  label: 'naive output',
  buffers: ['v', 'extras', 'scores', 'sums', 'o'],
  code: /* wgsl */ `${entry}
  if (at >= p.b * p.hk * p.g * p.m * p.e) { return; }
  let x = at % p.e;
  let row = at / p.e;
  let head = row / p.m;
  var sum = 0.0;
  for (var j = 0u; j < p.n; j++) {
    let w = scores[row * p.n + j];
    if (w != 0.0) { sum += w * f32(v[key_row(head / p.g, j) * p.e + x]); }
  }
  o[at] = T(select(0.0, sum / sums[row], sums[row] > 0.0));
}`,
};
