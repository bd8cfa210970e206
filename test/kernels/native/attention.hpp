#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

// A right kernel, for wrong ones around it: q [rows, d], k [b·hk, n, d], v [b·hk, n, e] -> o [rows, e], lse [rows]; rows are b·hk·m (g = 1).
inline void attention(const float *q, const float *k, const float *v, int32_t rows, int32_t m, int32_t n, int32_t d, int32_t e, int32_t causal,
                      int32_t offset, float scale, float *o, float *lse) {
  for (int64_t row = 0; row < rows; row++) {
    const int64_t head = row / m;
    const int64_t end = causal ? (row % m + offset + 1 < n ? row % m + offset + 1 : n) : n;
    const auto score = [&](int64_t j) {
      float s = 0;
      for (int64_t c = 0; c < d; c++) s += q[row * d + c] * k[(head * n + j) * d + c];
      return s * scale;
    };
    float largest = -INFINITY, sum = 0;
    for (int64_t j = 0; j < end; j++) largest = std::fmax(largest, score(j));
    for (int64_t c = 0; c < e; c++) o[row * e + c] = 0;
    for (int64_t j = 0; j < end; j++) {
      const float weight = std::exp(score(j) - largest);
      sum += weight;
      for (int64_t c = 0; c < e; c++) o[row * e + c] += weight * v[(head * n + j) * e + c];
    }
    for (int64_t c = 0; sum > 0 && c < e; c++) o[row * e + c] /= sum;
    lse[row] = sum > 0 ? largest + std::log(sum) : -INFINITY;
  }
}

#define KERNEL                                                                                                                       \
  extern "C" int kernel(float *q, const float *k, const float *v, int32_t rows, int32_t m, int32_t n, int32_t d, int32_t e, int32_t causal, \
                        int32_t offset, float scale, float *o, float *lse)

#define ATTENTION attention(q, k, v, rows, m, n, d, e, causal, offset, scale, o, lse)
