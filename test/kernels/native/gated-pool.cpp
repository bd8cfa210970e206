// Gated pools, the operator of test/kernels/named-tensors, in loops. Other numbers than usual come by their names: r, factor, gate_stride_n.
#include <cstdint>
#include <vector>

namespace {

struct Pool {
  const float *q, *k, *gate, *v, *w;
  const uint8_t *keep;
  const int32_t *bucket;
  const uint8_t *mask;
  int32_t b, hk, g, m, n, d, e, r, offset, causal, gate_stride_n;
  float factor;

  bool sees(int row, int i, int j) const {
    if (mask) return mask[static_cast<int64_t>(row) * n + j] != 0;
    return !causal || j <= i + offset;
  }
  // of a query: batch entry and key head, then its weight of a key
  int head(int row) const { return row / m / g; }
  float weight(int row, int j) const {
    float s = 0;
    for (int x = 0; x < d; x++) s += q[static_cast<int64_t>(row) * d + x] * k[(static_cast<int64_t>(head(row)) * n + j) * d + x];
    return s * factor;
  }
  bool kept(int head, int j) const { return keep[head / hk * n + j] != 0; }
  float times(int head, int j) const { return static_cast<float>(bucket[head / hk * n + j] + 1); }
  float gateOf(int head, int j) const { return gate[(static_cast<int64_t>(head) * n + j) * gate_stride_n]; }
  float value(int head, int j, int x) const { return v[(static_cast<int64_t>(head) * n + j) * r + x]; }
};

}  // namespace

extern "C" int forward(const float *w, const float *gate, const float *q, const float *k, const float *v, const uint8_t *keep,
                       const int32_t *bucket, const uint8_t *mask, int32_t b, int32_t hk, int32_t g, int32_t m, int32_t n, int32_t d,
                       int32_t e, int32_t r, int32_t offset, int32_t causal, int32_t gate_stride_n, float factor, int32_t mine,
                       float *total, float *o) {
  if (!mine) return 3;
  const Pool p{q, k, gate, v, w, keep, bucket, mask, b, hk, g, m, n, d, e, r, offset, causal, gate_stride_n, factor};
  for (int row = 0; row < b * hk * g * m; row++) {
    const int head = p.head(row);
    std::vector<float> y(r, 0.f);
    for (int j = 0; j < n; j++) {
      if (!p.sees(row, row % m, j) || !p.kept(head, j)) continue;
      const float s = p.weight(row, j) * p.times(head, j);
      for (int x = 0; x < r; x++) y[x] += s * (p.value(head, j, x) * p.gateOf(head, j));
    }
    for (int t = 0; t < e; t++) {
      float sum = 0;
      for (int x = 0; x < r; x++) sum += y[x] * w[(static_cast<int64_t>(head % hk) * e + t) * r + x];
      o[static_cast<int64_t>(row) * e + t] = sum;
    }
  }
  for (int head = 0; head < b * hk; head++)
    for (int x = 0; x < r; x++) {
      float sum = 0;
      for (int j = 0; j < n; j++) sum += p.kept(head, j) ? p.value(head, j, x) * p.gateOf(head, j) : 0.f;
      total[head * r + x] = sum;
    }
  return 0;
}

extern "C" int backward(const float *w, const float *gate, const float *q, const float *k, const float *v, const uint8_t *keep,
                        const int32_t *bucket, const uint8_t *mask, int32_t b, int32_t hk, int32_t g, int32_t m, int32_t n, int32_t d,
                        int32_t e, int32_t r, int32_t offset, int32_t causal, int32_t gate_stride_n, float factor, const float *dout,
                        const float *dtotal, float *dgate) {
  const Pool p{q, k, gate, v, w, keep, bucket, mask, b, hk, g, m, n, d, e, r, offset, causal, gate_stride_n, factor};
  for (int head = 0; head < b * hk; head++) {
    for (int j = 0; j < n; j++) {
      float sum = 0;
      for (int x = 0; p.kept(head, j) && x < r; x++) {
        float dx = 0;
        for (int row = head * g * m; row < (head + 1) * g * m; row++) {
          if (!p.sees(row, row % m, j)) continue;
          float dy = 0;
          for (int t = 0; t < e; t++) dy += dout[static_cast<int64_t>(row) * e + t] * w[(static_cast<int64_t>(head % hk) * e + t) * r + x];
          dx += p.weight(row, j) * dy;
        }
        sum += p.value(head, j, x) * (dx * p.times(head, j) + dtotal[head * r + x]);
      }
      dgate[head * n + j] = sum;
    }
  }
  return 0;
}
