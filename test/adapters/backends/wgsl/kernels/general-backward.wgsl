// The backward pass of general.wgsl: P from the LSE, one invocation for a row of dq, one for a row of dk and dv.
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
  do_offset: u32, do_b: u32, do_h: u32, do_l: u32, do_d: u32,
  dq_b: u32, dq_h: u32, dq_l: u32,
  dk_b: u32, dk_h: u32, dk_l: u32,
  dv_b: u32, dv_h: u32, dv_l: u32,
}

@group(0) @binding(0) var<storage, read> q: array<T>;
@group(0) @binding(1) var<storage, read> k: array<T>;
@group(0) @binding(2) var<storage, read> v: array<T>;
@group(0) @binding(3) var<storage, read> mask: array<u32>;
@group(0) @binding(4) var<storage, read> bias: array<T>;
@group(0) @binding(5) var<storage, read> alibi: array<T>;
@group(0) @binding(6) var<storage, read> output: array<T>;
@group(0) @binding(7) var<storage, read> lse: array<u32>;
@group(0) @binding(8) var<storage, read> gradient: array<T>;
@group(0) @binding(9) var<storage, read_write> dq: array<T>;
@group(0) @binding(10) var<storage, read_write> dk: array<T>;
@group(0) @binding(11) var<storage, read_write> dv: array<T>;
@group(1) @binding(0) var<uniform> p: Parameters;

const width = 32u;
const most = 64u;

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

fn gradient_at(b: u32, h: u32, i: u32, c: u32) -> f32 {
  return f32(gradient[p.do_offset + b * p.do_b + h * p.do_h + i * p.do_l + c * p.do_d]);
}

// P of a cell; 0 where the row is empty or the cell hidden.
fn probability(b: u32, h: u32, i: u32, j: u32) -> f32 {
  let whole = lse[(b * p.h + h) * p.m + i];
  let s = score(b, h, i, j);
  if (whole == minus_infinity || s <= hidden) {
    return 0.0;
  }
  return exp(s - bitcast<f32>(whole));
}

// dP of a cell less the row's delta: the sum of do (v - o). A buffer of deltas would be the 13th, and a device may bind 12.
fn slope(b: u32, h: u32, i: u32, j: u32) -> f32 {
  var sum = 0.0;
  for (var c = 0u; c < p.e; c++) {
    let value = f32(v[p.v_offset + b * p.v_b + (h / p.g) * p.v_h + j * p.v_l + c * p.v_d]);
    sum += gradient_at(b, h, i, c) * (value - f32(output[b * p.o_b + h * p.o_h + i * p.o_l + c]));
  }
  return sum;
}

@compute @workgroup_size(width)
fn queries(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  let h = id.y;
  let b = id.z;
  if (i >= p.m) {
    return;
  }
  var sum: array<f32, most>;
  for (var j = 0u; j < p.n; j++) {
    let weight = probability(b, h, i, j);
    if (weight > 0.0) {
      let ds = weight * slope(b, h, i, j);
      for (var c = 0u; c < p.d; c++) {
        sum[c] += ds * f32(k[p.k_offset + b * p.k_b + (h / p.g) * p.k_h + j * p.k_l + c * p.k_d]);
      }
    }
  }
  for (var c = 0u; c < p.d; c++) {
    dq[b * p.dq_b + h * p.dq_h + i * p.dq_l + c] = T(sum[c] * p.scale);
  }
}

@compute @workgroup_size(width)
fn keys(@builtin(global_invocation_id) id: vec3u) {
  let j = id.x;
  let head = id.y;
  let b = id.z;
  if (j >= p.n) {
    return;
  }
  var key: array<f32, most>;
  var value: array<f32, most>;
  for (var h = head * p.g; h < (head + 1u) * p.g; h++) {
    for (var i = 0u; i < p.m; i++) {
      let weight = probability(b, h, i, j);
      if (weight > 0.0) {
        let ds = weight * slope(b, h, i, j);
        for (var c = 0u; c < p.d; c++) {
          key[c] += ds * f32(q[p.q_offset + b * p.q_b + h * p.q_h + i * p.q_l + c * p.q_d]);
        }
        for (var c = 0u; c < p.e; c++) {
          value[c] += weight * gradient_at(b, h, i, c);
        }
      }
    }
  }
  for (var c = 0u; c < p.d; c++) {
    dk[b * p.dk_b + head * p.dk_h + j * p.dk_l + c] = T(key[c] * p.scale);
  }
  for (var c = 0u; c < p.e; c++) {
    dv[b * p.dv_b + head * p.dv_h + j * p.dv_l + c] = T(value[c]);
  }
}
