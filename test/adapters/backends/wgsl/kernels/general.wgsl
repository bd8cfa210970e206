// Everything that a manifest can say: strides, both layouts, a scratch buffer between passes, an override, optional tensors, gradients.
alias T = f32;

struct Parameters {
  m: u32, n: u32, d: u32, e: u32, h: u32, g: u32,
  scale: f32, offset: i32, left: i32, right: i32,
  has_mask: u32, has_bias: u32, has_alibi: u32, has_sink: u32,
  q_offset: u32, q_b: u32, q_h: u32, q_l: u32, q_d: u32,
  k_offset: u32, k_b: u32, k_h: u32, k_l: u32, k_d: u32,
  v_offset: u32, v_b: u32, v_h: u32, v_l: u32, v_d: u32,
  o_b: u32, o_h: u32, o_l: u32,
  mask_b: u32, mask_h: u32, mask_m: u32,
  bias_b: u32, bias_h: u32, bias_m: u32,
}

@group(0) @binding(0) var<storage, read> q: array<T>;
@group(0) @binding(1) var<storage, read> k: array<T>;
@group(0) @binding(2) var<storage, read> v: array<T>;
@group(0) @binding(3) var<storage, read> mask: array<u32>;
@group(0) @binding(4) var<storage, read> bias: array<T>;
@group(0) @binding(5) var<storage, read> alibi: array<T>;
@group(0) @binding(6) var<storage, read> sink: array<T>;
@group(0) @binding(7) var<storage, read_write> o: array<T>;
@group(0) @binding(8) var<storage, read_write> lse: array<u32>;
@group(0) @binding(9) var<storage, read_write> scores: array<f32>;
@group(1) @binding(0) var<uniform> p: Parameters;

override width: u32;

const hidden = -3.0e38;
const minus_infinity = 0xff800000u;

fn score(b: u32, h: u32, i: u32, j: u32) -> f32 {
  let place = i32(i) + p.offset;
  var shown = (p.left < 0 || i32(j) >= place - p.left) && (p.right < 0 || i32(j) <= place + p.right);
  if (p.has_mask == 1u) {
    shown = mask[b * p.mask_b + h * p.mask_h + i * p.mask_m + j] == 1u;
  }
  var added = 0.0;
  if (p.has_bias == 1u) {
    added = f32(bias[b * p.bias_b + h * p.bias_h + i * p.bias_m + j]);
  }
  if (!shown || added < hidden) {
    return hidden;
  }
  if (p.has_alibi == 1u) {
    added += f32(alibi[h]) * f32(i32(j) - place);
  }
  var s = 0.0;
  for (var c = 0u; c < p.d; c++) {
    s += f32(q[p.q_offset + b * p.q_b + h * p.q_h + i * p.q_l + c * p.q_d]) * f32(k[p.k_offset + b * p.k_b + (h / p.g) * p.k_h + j * p.k_l + c * p.k_d]);
  }
  return s * p.scale + added;
}

@compute @workgroup_size(width)
fn compute_scores(@builtin(global_invocation_id) id: vec3u) {
  let head = id.z % p.h;
  let batch = id.z / p.h;
  if (id.x < p.n) {
    scores[(id.z * p.m + id.y) * p.n + id.x] = score(batch, head, id.y, id.x);
  }
}

@compute @workgroup_size(width)
fn weigh_values(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  let h = id.y;
  let b = id.z;
  if (i >= p.m) {
    return;
  }
  let row = (b * p.h + h) * p.m + i;
  var largest = hidden;
  var total = 0.0;
  if (p.has_sink == 1u) {
    largest = f32(sink[h]);
  }
  for (var j = 0u; j < p.n; j++) {
    largest = max(largest, scores[row * p.n + j]);
  }
  if (p.has_sink == 1u) {
    total = exp(f32(sink[h]) - largest);
  }
  for (var j = 0u; j < p.n; j++) {
    let s = scores[row * p.n + j];
    if (s > hidden) {
      total += exp(s - largest);
    }
  }
  let empty = total == 0.0;
  for (var c = 0u; c < p.e; c++) {
    var sum = 0.0;
    for (var j = 0u; j < p.n; j++) {
      let s = scores[row * p.n + j];
      if (s > hidden) {
        sum += exp(s - largest) * f32(v[p.v_offset + b * p.v_b + (h / p.g) * p.v_h + j * p.v_l + c * p.v_d]);
      }
    }
    o[b * p.o_b + h * p.o_h + i * p.o_l + c] = T(select(sum / total, 0.0, empty));
  }
  lse[row] = select(bitcast<u32>(largest + log(total)), minus_infinity, empty);
}
