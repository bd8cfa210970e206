import type { Shader } from '../shader.js';
import { queryTimesKeys, rowsOfTile, tiles } from './tiles.js';

/**
 * Tiled attention with online softmax (https://arxiv.org/abs/2205.14135,
 * https://arxiv.org/abs/2307.08691). A workgroup takes a tile of rows of a key head's query heads;
 * each row has one lane per key of the tile.
 */
export const flashForward: Shader = {
  label: 'flash forward',
  buffers: ['q', 'k', 'v', 'extras', 'o', 'lse'],
  code: /* wgsl */ `${tiles}
var<workgroup> weights: array<f32, TILE * TILE>;

@compute @workgroup_size(TILE, TILE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_id) at: vec3u) {
  ${rowsOfTile}
  var top = HIDDEN;
  var sum = 0.0;
  if (p.sink_at != ABSENT) {
    top = extra(p.sink_at + h);
    sum = 1.0;
  }
  var output: array<f32, COLUMNS>;
  let end = end_key(last_query);
  for (var start = first_key(first_query) / TILE * TILE; start < end; start += TILE) {
    let j = start + at.x;
    let keys = min(TILE, p.n - start);
    ${queryTimesKeys}
    let sees = inside && j < p.n && visible(b, h, i, j);
    let s = select(HIDDEN, score(product, b, h, i, j).value, sees);
    weights[at.y * TILE + at.x] = s;
    workgroupBarrier();
    let before = top;
    for (var x = 0u; x < keys; x++) { top = max(top, weights[at.y * TILE + x]); }
    workgroupBarrier();
    weights[at.y * TILE + at.x] = select(0.0, weight(s - top), sees);
    let shrink = weight(before - top);
    sum *= shrink;
    for (var c = 0u; c * TILE < p.e; c++) {
      workgroupBarrier();
      right_tile[at.y * TILE + at.x] = value_element(kv, start + at.y, c * TILE + at.x);
      workgroupBarrier();
      output[c] *= shrink;
      for (var x = 0u; x < keys; x++) {
        let w = weights[at.y * TILE + x];
        // what a hidden key holds is no number
        if (w != 0.0) { output[c] += w * right_tile[x * TILE + at.x]; }
      }
    }
    for (var x = 0u; x < keys; x++) { sum += weights[at.y * TILE + x]; }
  }
  if (!inside) { return; }
  if (at.x == 0u) { lse[row] = select(NEGATIVE_INFINITY, bitcast<u32>(top + log(sum)), sum > 0.0); }
  for (var c = 0u; c * TILE < p.e; c++) {
    let x = c * TILE + at.x;
    if (x < p.e) { o[row * p.e + x] = T(select(0.0, output[c] / sum, sum > 0.0)); }
  }
}`,
};
