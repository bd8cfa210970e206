// Scaled dot-product attention: one invocation computes one query row, with an online softmax over the keys.

struct Parameters {
  m: u32,        // queries
  n: u32,        // keys
  d: u32,        // size of a query and a key
  e: u32,        // size of a value
  heads: u32,    // query heads
  group: u32,    // query heads that share a key head
  scale: f32,
  offset: i32,   // added to a query's index to place it among the keys
  right: i32,    // keys that a query sees after its own place, -1: all
  has_mask: u32,
}

@group(0) @binding(0) var<storage, read> q: array<f32>;          // [b, heads, m, d]
@group(0) @binding(1) var<storage, read> k: array<f32>;          // [b, heads / group, n, d]
@group(0) @binding(2) var<storage, read> v: array<f32>;          // [b, heads / group, n, e]
@group(0) @binding(3) var<storage, read> mask: array<u32>;       // [b, heads, m, n], 1 keeps
@group(0) @binding(4) var<storage, read_write> o: array<f32>;    // [b, heads, m, e]
@group(0) @binding(5) var<storage, read_write> lse: array<u32>;  // [b, heads, m], the bits of an f32: WGSL has no constant for -infinity
@group(0) @binding(6) var<uniform> p: Parameters;

const most_e = 128u;  // kernel.json limits e to this
const minus_infinity = 0xff800000u;

@compute @workgroup_size(64)
fn attention(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  let head = id.y;
  let batch = id.z;
  if (i >= p.m) {
    return;
  }
  let row = (batch * p.heads + head) * p.m + i;
  let key_head = batch * (p.heads / p.group) + head / p.group;

  var sum: array<f32, most_e>;  // of exp(score - largest) · v
  var total = 0.0;              // of exp(score - largest)
  var largest = -3.0e38;
  for (var j = 0u; j < p.n; j++) {
    if (!visible(row, i, j)) {
      continue;
    }
    let key = key_head * p.n + j;
    var score = 0.0;
    for (var c = 0u; c < p.d; c++) {
      score += q[row * p.d + c] * k[key * p.d + c];
    }
    score *= p.scale;
    let above = max(largest, score);
    let shrink = exp(largest - above);
    let weight = exp(score - above);
    largest = above;
    total = total * shrink + weight;
    for (var c = 0u; c < p.e; c++) {
      sum[c] = sum[c] * shrink + weight * v[key * p.e + c];
    }
  }

  // a row that sees no key: 0 and -infinity
  let empty = total == 0.0;
  for (var c = 0u; c < p.e; c++) {
    o[row * p.e + c] = select(sum[c] / total, 0.0, empty);
  }
  lse[row] = select(bitcast<u32>(largest + log(total)), minus_infinity, empty);
}

fn visible(row: u32, i: u32, j: u32) -> bool {
  if (p.has_mask == 1u) {
    return mask[row * p.n + j] == 1u;
  }
  return p.right < 0 || i32(j) <= i32(i) + p.offset + p.right;
}
