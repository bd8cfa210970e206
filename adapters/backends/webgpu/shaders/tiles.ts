import { mostHeadSize } from '../capabilities.js';
import { tile } from './common.js';

/** Two blocks of TILE × TILE elements in workgroup memory, 2 KiB. */
const tileMemory = /* wgsl */ `
const TILE = ${tile}u;
// of d or e that a lane accumulates
const COLUMNS = ${mostHeadSize}u / TILE;
var<workgroup> left_tile: array<f32, TILE * TILE>;
var<workgroup> right_tile: array<f32, TILE * TILE>;

// row at.y of one block times row at.x of the other
fn tile_product(at: vec3u, columns: u32) -> f32 {
  var product = 0.0;
  for (var x = 0u; x < columns; x++) { product += left_tile[at.y * TILE + x] * right_tile[at.x * TILE + x]; }
  return product;
}
`;

/** Functions that read q, k and v, with 0 outside. */
export const tiles = /* wgsl */ `${tileMemory}
fn query_element(row: u32, inside: bool, x: u32) -> f32 {
  if (!inside || x >= p.d) { return 0.0; }
  return f32(q[row * p.d + x]);
}

fn key_element(kv: u32, j: u32, x: u32) -> f32 {
  if (j >= p.n || x >= p.d) { return 0.0; }
  return f32(k[key_row(kv, j) * p.d + x]);
}

fn value_element(kv: u32, j: u32, x: u32) -> f32 {
  if (j >= p.n || x >= p.e) { return 0.0; }
  return f32(v[key_row(kv, j) * p.e + x]);
}

// rows of one key head are numbered query by query, so that neighbours see nearly the same keys: i·g + head in the group
fn row_of(kv: u32, r: u32) -> u32 {
  return (kv * p.g + r % p.g) * p.m + r / p.g;
}
`;

/** Rows of a workgroup and of this lane; needs `group`, `groups` and `at`. */
export const rowsOfTile = /* wgsl */ `let rows = p.m * p.g;
  let row_tiles = (rows + TILE - 1u) / TILE;
  let number = group_number(group, groups);
  if (number >= row_tiles * p.b * p.hk) { return; }
  // key head, counted over the batch
  let kv = number / row_tiles;
  let first_row = number % row_tiles * TILE;
  let first_query = first_row / p.g;
  let last_query = (min(rows, first_row + TILE) - 1u) / p.g;
  let r = first_row + at.y;
  let inside = r < rows;
  let row = row_of(kv, min(r, rows - 1u));
  let i = row % p.m;
  let h = row / p.m % (p.hk * p.g);
  let b = kv / p.hk;`;

/** Declares `name`, a dot product over `width` columns, computed in tiles by a workgroup. */
export function tiledDot(name: string, width: string, left: string, right: string): string {
  return /* wgsl */ `var ${name} = 0.0;
    for (var c = 0u; c < ${width}; c += TILE) {
      workgroupBarrier();
      left_tile[at.y * TILE + at.x] = ${left};
      right_tile[at.y * TILE + at.x] = ${right};
      workgroupBarrier();
      ${name} += tile_product(at, min(TILE, ${width} - c));
    }`;
}

/** Declares `product`, a query row times its keys. */
export const queryTimesKeys = tiledDot('product', 'p.d', 'query_element(row, inside, c + at.x)', 'key_element(kv, start + at.y, c + at.x)');
