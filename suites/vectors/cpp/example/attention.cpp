#include "attention.hpp"

#include <cmath>

void attention(const Sizes& sizes, const std::vector<float>& q, const std::vector<float>& k, const std::vector<float>& v, bool causal,
               double scale, std::vector<float>& o, std::vector<float>& lse) {
  const auto [b, heads, key_heads, m, n, d, e] = sizes;
  std::vector<double> weights(n);
  for (long row = 0; row < b * heads * m; row++) {
    const long i = row % m, head = row / m, keys = head / (heads / key_heads) * n;
    // the last query stands at the last key
    const auto visible = [&](long j) { return !causal || j <= i + n - m; };
    double largest = -INFINITY, total = 0;
    for (long j = 0; j < n; j++) {
      double score = 0;
      for (long c = 0; c < d; c++) score += double(q[row * d + c]) * k[(keys + j) * d + c];
      weights[j] = visible(j) ? score * scale : -INFINITY;
      largest = std::fmax(largest, weights[j]);
    }
    for (long j = 0; j < n; j++) total += weights[j] = std::isinf(largest) ? 0 : std::exp(weights[j] - largest);
    for (long c = 0; c < e; c++) {
      double sum = 0;
      for (long j = 0; j < n; j++) sum += weights[j] * v[(keys + j) * e + c];
      o.push_back(total == 0 ? 0 : float(sum / total));
    }
    lse.push_back(total == 0 ? -INFINITY : float(largest + std::log(total)));
  }
}
