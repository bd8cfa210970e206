import type { Shader } from '../shader.js';
import { cellGradient } from './backward.js';
import { queryTimesKeys, rowsOfTile, tiledDot, tiles } from './tiles.js';

const elements = /* wgsl */ `${tiles}${cellGradient}
fn cotangent_element(row: u32, inside: bool, x: u32) -> f32 {
  if (!inside || x >= p.e) { return 0.0; }
  return f32(do_[row * p.e + x]);
}
`;

/** dq: tiles of rows walk over the keys, as in the forward pass; P is recomputed from the LSE. */
export const flashQuery: Shader = {
  label: 'flash backward query',
  buffers: ['q', 'k', 'v', 'extras', 'do_', 'row_stats', 'dq'],
  code: /* wgsl */ `${elements}
var<workgroup> gradients: array<f32, TILE * TILE>;

@compute @workgroup_size(TILE, TILE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_id) at: vec3u) {
  ${rowsOfTile}
  var sum: array<f32, COLUMNS>;
  let end = end_key(last_query);
  for (var start = first_key(first_query) / TILE * TILE; start < end; start += TILE) {
    let j = start + at.x;
    let keys = min(TILE, p.n - start);
    ${queryTimesKeys}
    ${tiledDot('value', 'p.e', 'cotangent_element(row, inside, c + at.x)', 'value_element(kv, start + at.y, c + at.x)')}
    var gradient = 0.0;
    if (inside && j < p.n) { gradient = cell_gradient(product, value, b, h, i, j, row).inner; }
    gradients[at.y * TILE + at.x] = gradient;
    for (var c = 0u; c * TILE < p.d; c++) {
      workgroupBarrier();
      right_tile[at.y * TILE + at.x] = key_element(kv, start + at.y, c * TILE + at.x);
      workgroupBarrier();
      for (var x = 0u; x < keys; x++) {
        let w = gradients[at.y * TILE + x];
        if (w != 0.0) {
          sum[c] += w * right_tile[x * TILE + at.x];
        }
      }
    }
  }
  if (!inside) { return; }
  for (var c = 0u; c * TILE < p.d; c++) {
    let x = c * TILE + at.x;
    if (x < p.d) { dq[row * p.d + x] = T(sum[c] * p.scale); }
  }
}`,
};

/** dk and dv: a tile of keys walks over the rows of its query heads that may see it. */
export const flashKeyValue: Shader = {
  label: 'flash backward key and value',
  buffers: ['q', 'k', 'v', 'extras', 'do_', 'row_stats', 'dk', 'dv'],
  code: /* wgsl */ `${elements}
var<workgroup> weights: array<f32, TILE * TILE>;
var<workgroup> gradients: array<f32, TILE * TILE>;

// no query before this one sees key j; of packed documents any may
fn first_row_of(j: u32) -> u32 {
  return select(u32(clamp(i32(j) - p.offset - p.right, 0, i32(p.m))), 0u, p.right < 0 || p.rows_at != ABSENT);
}

// no query from this one on sees key j
fn end_row_of(j: u32) -> u32 {
  return select(u32(clamp(i32(j) - p.offset + p.left + 1, 0, i32(p.m))), p.m, p.left < 0 || p.rows_at != ABSENT);
}

@compute @workgroup_size(TILE, TILE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_id) at: vec3u) {
  let key_tiles = (p.n + TILE - 1u) / TILE;
  let number = group_number(group, groups);
  if (number >= key_tiles * p.b * p.hk) { return; }
  let kv = number / key_tiles;
  let b = kv / p.hk;
  let first_key_of_tile = number % key_tiles * TILE;
  let j = first_key_of_tile + at.y;
  var key_sum: array<f32, COLUMNS>;
  var value_sum: array<f32, COLUMNS>;
  let end = end_row_of(min(p.n, first_key_of_tile + TILE) - 1u) * p.g;
  for (var start = first_row_of(first_key_of_tile) * p.g; start < end; start += TILE) {
    // the row that this lane loads, and the one that it pairs with its key
    let loaded_inside = start + at.y < end;
    let loaded = row_of(kv, min(start + at.y, end - 1u));
    let inside = start + at.x < end;
    let partners = min(TILE, end - start);
    let row = row_of(kv, min(start + at.x, end - 1u));
    ${tiledDot('product', 'p.d', 'key_element(kv, j, c + at.x)', 'query_element(loaded, loaded_inside, c + at.x)')}
    ${tiledDot('value', 'p.e', 'value_element(kv, j, c + at.x)', 'cotangent_element(loaded, loaded_inside, c + at.x)')}
    var cell = Cell(0.0, 0.0, 0.0);
    if (inside && j < p.n) { cell = cell_gradient(product, value, b, row / p.m % (p.hk * p.g), row % p.m, j, row); }
    weights[at.y * TILE + at.x] = cell.weight;
    gradients[at.y * TILE + at.x] = cell.inner;
    for (var c = 0u; c * TILE < max(p.d, p.e); c++) {
      workgroupBarrier();
      left_tile[at.y * TILE + at.x] = query_element(loaded, loaded_inside, c * TILE + at.x);
      right_tile[at.y * TILE + at.x] = cotangent_element(loaded, loaded_inside, c * TILE + at.x);
      workgroupBarrier();
      for (var x = 0u; x < partners; x++) {
        let w = weights[at.y * TILE + x];
        let gradient = gradients[at.y * TILE + x];
        key_sum[c] += gradient * left_tile[x * TILE + at.x];
        value_sum[c] += w * right_tile[x * TILE + at.x];
      }
    }
  }
  if (j >= p.n) { return; }
  for (var c = 0u; c * TILE < max(p.d, p.e); c++) {
    let x = c * TILE + at.x;
    if (x < p.d) { dk[(kv * p.n + j) * p.d + x] = T(key_sum[c] * p.scale); }
    if (x < p.e) { dv[(kv * p.n + j) * p.e + x] = T(value_sum[c]); }
  }
}`,
};
