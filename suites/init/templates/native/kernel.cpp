// A starting point: plain attention, one row at a time. kernel.json says what each argument is.
#include <cmath>
#include <cstdint>
#include <vector>

// q [b, heads, m, d], k [b, hk, n, d], v [b, hk, n, e] -> o [b, heads, m, e], lse [b, heads, m]; all contiguous.
// Query i stands at key i + offset and sees none after it where causal; mask [b, heads, m, n] keeps what is not 0, and may be null.
extern "C" int attention(const float *q, const float *k, const float *v, const uint8_t *mask, int32_t b, int32_t heads, int32_t group,
                         int32_t m, int32_t n, int32_t d, int32_t e, int32_t causal, int32_t offset, float scale, float *o, float *lse) {
  std::vector<float> weights(n);
  for (int64_t row = 0; row < int64_t(b) * heads * m; row++) {
    const int64_t i = row % m, key_head = row / m / group;
    const auto visible = [&](int64_t j) { return (!causal || j <= i + offset) && (!mask || mask[row * n + j]); };

    float largest = -INFINITY;
    for (int64_t j = 0; j < n; j++) {
      if (!visible(j)) continue;
      float score = 0;
      for (int64_t c = 0; c < d; c++) score += q[row * d + c] * k[(key_head * n + j) * d + c];
      weights[j] = score * scale;
      largest = std::fmax(largest, weights[j]);
    }

    float sum = 0;
    for (int64_t c = 0; c < e; c++) o[row * e + c] = 0;
    for (int64_t j = 0; j < n; j++) {
      if (!visible(j)) continue;
      const float weight = std::exp(weights[j] - largest);
      sum += weight;
      for (int64_t c = 0; c < e; c++) o[row * e + c] += weight * v[(key_head * n + j) * e + c];
    }

    // a row that sees no key: o = 0, lse = minus infinity
    for (int64_t c = 0; sum > 0 && c < e; c++) o[row * e + c] /= sum;
    lse[row] = sum > 0 ? largest + std::log(sum) : -INFINITY;
  }
  return 0;  // any other code is an error
}
