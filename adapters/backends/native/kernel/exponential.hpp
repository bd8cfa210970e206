#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

inline double exponential(double x) { return std::exp(x); }

/** 2^n for −126 ≤ n ≤ 127. */
inline float power_of_two(int32_t n) {
  const int32_t bits = (n + 127) << 23;
  float power;
  std::memcpy(&power, &bits, sizeof power);
  return power;
}

/**
 * exp(x) to about one unit in the last place, in a form that compilers vectorise: 2^n times a polynomial on [−ln 2 / 2, ln 2 / 2]
 * (Cephes, https://www.netlib.org/cephes/). exponential(0) is 1, exponential(−∞) is 0, subnormal results are rounded once.
 */
inline float exponential(float x) {
  const float within = x < -104.0f ? -104.0f : x > 89.0f ? 89.0f : x;
  const float shift = 12582912.0f;  // adding 1.5·2²³ rounds to an integer
  const float n = (within * 1.44269504088896341f + shift) - shift;
  const float r = (within - n * 0.693359375f) + n * 2.12194440e-4f;
  float y = 1.9875691500e-4f;
  y = y * r + 1.3981999507e-3f;
  y = y * r + 8.3334519073e-3f;
  y = y * r + 4.1665795894e-2f;
  y = y * r + 1.6666665459e-1f;
  y = y * r + 5.0000001201e-1f;
  y = y * (r * r) + r + 1.0f;
  // in two steps: 2^n itself may be subnormal, or infinite
  const int32_t half = static_cast<int32_t>(n) >> 1;
  y = y * power_of_two(half) * power_of_two(static_cast<int32_t>(n) - half);
  y = x < -104.0f ? 0.0f : x > 88.7229f ? std::numeric_limits<float>::infinity() : y;
  return x == x ? y : x;
}
