import { mostHeadSize, tileKeys } from '../capabilities.js';
import type { Shader } from '../shader.js';
import { flatSize } from './common.js';

const lanes = tileKeys['split-kv'];

/**
 * Flash decoding (https://pytorch.org/blog/flash-decoding/): a workgroup per row and split, with a
 * lane per key of a tile. Writes Σ w·v to partial_o [rows, splits, e], and (max, Σ w) to
 * partial_stats [rows, splits].
 */
export const splitKvPartials: Shader = {
  label: 'split-KV partials',
  buffers: ['q', 'k', 'v', 'extras', 'partial_o', 'partial_stats'],
  code: /* wgsl */ `const LANES = ${lanes}u;
// of d or e that a lane has
const COLUMNS = ${mostHeadSize}u / LANES;
var<workgroup> query: array<f32, COLUMNS * LANES>;
var<workgroup> scores: array<f32, LANES>;
var<workgroup> weights: array<f32, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let part = group_number(group, groups);
  let row = part / p.splits;
  if (row >= p.b * p.hk * p.g * p.m) { return; }
  let i = row % p.m;
  let head = row / p.m;
  let h = head % (p.hk * p.g);
  let b = head / (p.hk * p.g);
  let kv = head / p.g;
  for (var x = lane; x < p.d; x += LANES) { query[x] = f32(q[row * p.d + x]); }
  var top = HIDDEN;
  var sum = 0.0;
  var output: array<f32, COLUMNS>;
  let part_start = part % p.splits * p.split_keys;
  let end = min(end_key(i), part_start + p.split_keys);
  for (var start = max(first_key(i), part_start); start < end; start += LANES) {
    let j = start + lane;
    let keys = min(LANES, end - start);
    let sees = j < end && visible(b, h, i, j);
    workgroupBarrier();
    var s = HIDDEN;
    if (sees) {
      var product = 0.0;
      let key = key_row(kv, j) * p.d;
      for (var x = 0u; x < p.d; x++) { product += query[x] * f32(k[key + x]); }
      s = score(product, b, h, i, j).value;
    }
    scores[lane] = s;
    workgroupBarrier();
    let before = top;
    for (var x = 0u; x < keys; x++) { top = max(top, scores[x]); }
    weights[lane] = select(0.0, weight(s - top), sees);
    workgroupBarrier();
    let shrink = weight(before - top);
    sum *= shrink;
    for (var x = 0u; x < keys; x++) { sum += weights[x]; }
    for (var c = 0u; c * LANES + lane < p.e; c++) {
      let column = c * LANES + lane;
      output[c] *= shrink;
      for (var x = 0u; x < keys; x++) {
        let w = weights[x];
        if (w != 0.0) { output[c] += w * f32(v[key_row(kv, start + x) * p.e + column]); }
      }
    }
  }
  for (var c = 0u; c * LANES + lane < p.e; c++) { partial_o[part * p.e + c * LANES + lane] = output[c]; }
  if (lane == 0u) { partial_stats[part] = vec2f(top, sum); }
}`,
};

/** Merges a row's splits and sink at their joint maximum. One thread per element of o. */
export const splitKvMerge: Shader = {
  label: 'split-KV merge',
  buffers: ['extras', 'partial_o', 'partial_stats', 'o', 'lse'],
  code: /* wgsl */ `@compute @workgroup_size(${flatSize})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  let at = group_number(group, groups) * ${flatSize}u + lane;
  let row = at / p.e;
  if (row >= p.b * p.hk * p.g * p.m) { return; }
  let first = row * p.splits;
  var top = HIDDEN;
  for (var part = 0u; part < p.splits; part++) { top = max(top, partial_stats[first + part].x); }
  var sum = 0.0;
  if (p.sink_at != ABSENT) {
    let sink = extra(p.sink_at + row / p.m % (p.hk * p.g));
    top = max(top, sink);
    sum = weight(sink - top);
  }
  var output = 0.0;
  for (var part = 0u; part < p.splits; part++) {
    let stats = partial_stats[first + part];
    let w = weight(stats.x - top);
    sum += w * stats.y;
    output += w * partial_o[(first + part) * p.e + at % p.e];
  }
  o[at] = T(select(0.0, output / sum, sum > 0.0));
  if (at % p.e == 0u) { lse[row] = select(NEGATIVE_INFINITY, bitcast<u32>(top + log(sum)), sum > 0.0); }
}`,
};
