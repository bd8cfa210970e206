// Gated pools, the operator of test/kernels/named-tensors: one row of queries an invocation, then one channel of a head.
struct Pool {
  rows: u32, hk: u32, g: u32, m: u32, n: u32, d: u32, e: u32, r: u32,
  offset: i32, causal: u32, gate_stride_n: u32, factor: f32,
}

@group(0) @binding(0) var<storage, read> q: array<f32>;
@group(0) @binding(1) var<storage, read> k: array<f32>;
@group(0) @binding(2) var<storage, read> v: array<f32>;
@group(0) @binding(3) var<storage, read> w: array<f32>;
@group(0) @binding(4) var<storage, read> gate: array<f32>;
@group(0) @binding(5) var<storage, read> keep: array<u32>;
@group(0) @binding(6) var<storage, read> bucket: array<i32>;
@group(0) @binding(7) var<storage, read_write> o: array<f32>;
@group(0) @binding(8) var<storage, read_write> total: array<f32>;
@group(0) @binding(9) var<uniform> p: Pool;

fn kept(head: u32, j: u32, x: u32) -> f32 {
  if (keep[head / p.hk * p.n + j] == 0u) { return 0.0; }
  return v[(head * p.n + j) * p.r + x] * gate[(head * p.n + j) * p.gate_stride_n];
}

@compute @workgroup_size(32)
fn rows(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x;
  if (row >= p.rows) { return; }
  let head = row / p.m / p.g;
  for (var t = 0u; t < p.e; t++) { o[row * p.e + t] = 0.0; }
  for (var x = 0u; x < p.r; x++) {
    var y = 0.0;
    for (var j = 0u; j < p.n; j++) {
      if (p.causal != 0u && i32(j) > i32(row % p.m) + p.offset) { continue; }
      var s = 0.0;
      for (var c = 0u; c < p.d; c++) { s += q[row * p.d + c] * k[(head * p.n + j) * p.d + c]; }
      y += s * p.factor * kept(head, j, x) * f32(bucket[head / p.hk * p.n + j] + 1);
    }
    for (var t = 0u; t < p.e; t++) { o[row * p.e + t] += y * w[((head % p.hk) * p.e + t) * p.r + x]; }
  }
}

@compute @workgroup_size(32)
fn totals(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= p.rows / p.m / p.g * p.r) { return; }
  var sum = 0.0;
  for (var j = 0u; j < p.n; j++) { sum += kept(id.x / p.r, j, id.x % p.r); }
  total[id.x] = sum;
}
