#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

/** A tensor of four axes; without data where a call lacks it. */
template <typename T>
struct View {
  T *data;
  const int64_t *strides;
  /** Where rows lie in pages of `page`: which page holds the first ones, the next, …; the third stride is from slot to slot. */
  const int32_t *table = nullptr;
  int64_t page = 0;

  explicit operator bool() const { return data != nullptr; }
  T *at(int64_t b, int64_t h, int64_t i) const {
    const int64_t row = table ? table[i / page] * page + i % page : i;
    return data + b * strides[0] + h * strides[1] + row * strides[2];
  }
  int64_t step() const { return strides[3]; }
  /** Batch entry b by itself. */
  View entry(int64_t b) const { return {data + b * strides[0], strides}; }
  /** From row i on. */
  View from(int64_t i) const { return {data ? data + i * strides[2] : nullptr, strides}; }
};

template <typename T>
constexpr T minus_infinity = -std::numeric_limits<T>::infinity();

/** One call, as attention_cts.h describes it. */
template <typename T>
struct Problem {
  View<const T> q, k, v;
  View<const uint8_t> mask;
  View<const T> bias;
  const T *alibi;
  const T *sink;
  int64_t b, hk, g, m, n, d, e;
  int64_t offset, left, right;
  T scale, softcap;
  /** Rows of a head in lse and d_lse: m, of packed documents that of all together. */
  int64_t lse_rows;

  int64_t heads() const { return hk * g; }
  /** Place of row i of a head in lse and d_lse. */
  int64_t lse_at(int64_t b, int64_t h, int64_t i) const { return (b * heads() + h) * lse_rows + i; }
  /** No key before this one is visible to query i. */
  int64_t first_key(int64_t i) const { return left < 0 ? 0 : std::max<int64_t>(0, i + offset - left); }
  /** No key from this one on is visible to query i. */
  int64_t end_key(int64_t i) const { return right < 0 ? n : std::min(n, i + offset + right + 1); }
};
