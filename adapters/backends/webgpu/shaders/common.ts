import { wordsOfRow } from '../packed.js';

/** Keys and rows of a tile: workgroups have 16² = 256 threads, which every device supports. */
export const tile = 16;

/** Number of threads in a workgroup in which threads work independently. */
export const flatSize = 64;

/** WGSL function that numbers workgroups; a large grid has two axes. */
export const groupNumber = /* wgsl */ `fn group_number(group: vec3u, groups: vec3u) -> u32 {
  return group.y * groups.x + group.x;
}`;

/**
 * WGSL code of shaders that bind `extras`. WGSL may assume that numbers are neither NaN nor
 * infinite (https://www.w3.org/TR/WGSL/#floating-point-evaluation): hidden scores are a finite
 * sentinel, −∞ is tested and written by its bits, and `select` drops the contents of hidden slots.
 */
export const common = /* wgsl */ `
const ABSENT = 0xffffffffu;
const NEGATIVE_INFINITY = 0xff800000u;
// the lowest finite number: of a key that is hidden, or of a row that has seen none
const HIDDEN = -3.4028234663852886e38;

fn extra(at: u32) -> f32 {
  return bitcast<f32>(extras[at]);
}

fn row_word(i: u32, word: u32) -> u32 {
  return extras[p.rows_at + i * ${wordsOfRow}u + word];
}

// what is added to a query's index to place it among the keys
fn offset_of(i: u32) -> i32 {
  if (p.rows_at == ABSENT) { return p.offset; }
  return bitcast<i32>(row_word(i, 2u));
}

// the keys of a query's document, or all of them
fn range_of(i: u32) -> vec2u {
  if (p.rows_at == ABSENT) { return vec2u(0u, p.n); }
  return vec2u(row_word(i, 0u), row_word(i, 1u));
}

// the row of k and v in which key j of a key head lies, heads counted over the batch; pages are those of one batch entry
fn key_row(kv: u32, j: u32) -> u32 {
  if (p.table_at == ABSENT) { return kv * p.n + j; }
  return (extras[p.table_at + j / p.page] * p.page + j % p.page) * p.hk + kv;
}

fn visible(b: u32, h: u32, i: u32, j: u32) -> bool {
  let place = i32(i) + offset_of(i);
  if (p.left >= 0 && i32(j) < place - p.left) { return false; }
  if (p.right >= 0 && i32(j) > place + p.right) { return false; }
  if (p.rows_at != ABSENT && (j < row_word(i, 0u) || j >= row_word(i, 1u))) { return false; }
  if (p.document_at != ABSENT && extras[p.document_at + b * p.n + i] != extras[p.document_at + b * p.n + j]) { return false; }
  if (p.lengths_at != ABSENT) {
    let length = extras[p.lengths_at + b];
    if (select(j >= length, j + length < p.n, p.padded_left == 1u)) { return false; }
  }
  if (p.mask_at != ABSENT) {
    let cell = b * p.mask_b + h * p.mask_h + i * p.mask_i + j;
    if (((extras[p.mask_at + cell / 4u] >> (8u * (cell % 4u))) & 0xffu) == 0u) { return false; }
  }
  return p.bias_at == ABSENT || extras[bias_cell(b, h, i, j)] != NEGATIVE_INFINITY;
}

fn bias_cell(b: u32, h: u32, i: u32, j: u32) -> u32 {
  return p.bias_at + b * p.bias_b + h * p.bias_h + i * p.bias_i + j;
}

// no key before this one is visible to query i
fn first_key(i: u32) -> u32 {
  let keys = range_of(i);
  return select(u32(clamp(i32(i) + offset_of(i) - p.left, i32(keys.x), i32(keys.y))), keys.x, p.left < 0);
}

// no key from this one on is visible to query i
fn end_key(i: u32) -> u32 {
  let keys = range_of(i);
  return select(u32(clamp(i32(i) + offset_of(i) + p.right + 1, i32(keys.x), i32(keys.y))), keys.y, p.right < 0);
}

struct Score {
  value: f32,
  // of the value, by the scaled product of q and k
  slope: f32,
}

fn score(product: f32, b: u32, h: u32, i: u32, j: u32) -> Score {
  var s = Score(product * p.scale, 1.0);
  if (p.softcap != 0.0) {
    let t = tanh_of(s.value * p.softcap_inverse);
    s = Score(p.softcap * t, 1.0 - t * t);
  }
  if (p.alibi_at != ABSENT) { s.value += extra(p.alibi_at + h) * distance(i, j); }
  if (p.bias_at != ABSENT) { s.value += extra(bias_cell(b, h, i, j)); }
  return s;
}

fn distance(i: u32, j: u32) -> f32 {
  return f32(i32(j) - i32(i) - offset_of(i));
}

// exp; below −110 it is 0 in f32
fn weight(x: f32) -> f32 {
  return select(0.0, exp(x), x > -110.0);
}

// WGSL's own is as exact as sinh / cosh: near 0 not at all. Cephes, tanhf.c
fn tanh_of(x: f32) -> f32 {
  let a = abs(x);
  let z = x * x;
  let series = ((((-5.70498872745e-3 * z + 2.06390887954e-2) * z - 5.37397155531e-2) * z + 1.33314422036e-1) * z - 3.33332819422e-1) * z * x + x;
  return select(sign(x) * (1.0 - 2.0 / (exp(2.0 * min(a, 20.0)) + 1.0)), series, a < 0.625);
}
`;
