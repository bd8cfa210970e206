// Softmax attention of float32 tensors, to be replaced by yours.
#pragma once
#include <vector>

// q [b, heads, m, d], k [b, key_heads, n, d], v [b, key_heads, n, e] -> o [b, heads, m, e], lse [b, heads, m].
struct Sizes {
  long b, heads, key_heads, m, n, d, e;
};

void attention(const Sizes& sizes, const std::vector<float>& q, const std::vector<float>& k, const std::vector<float>& v, bool causal,
               double scale, std::vector<float>& o, std::vector<float>& lse);
