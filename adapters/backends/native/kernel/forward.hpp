#pragma once

#include <cmath>
#include <vector>

#include "exponential.hpp"
#include "matmul.hpp"
#include "parallel.hpp"
#include "scores.hpp"

/** What one thread needs for a block of rows. */
template <typename T>
struct ForwardScratch {
  explicit ForwardScratch(const Problem<T> &p)
      : width(Lanes<T>::padded(p.e)), q(block_rows * p.d), kt(p.d * tile_keys), v(tile_keys * width), s(block_rows * tile_keys),
        w(block_rows * tile_keys), o(block_rows * width), top(block_rows), total(block_rows) {}

  /** Elements to a row of v and o: e, padded to whole vectors. */
  int64_t width;
  /** q [rows, d]; kt [d, keys]; v [keys, width]; scores and weights [rows, keys]; o [rows, width], not yet divided by the total. */
  std::vector<T> q, kt, v, s, w, o;
  /** Largest logit of each row so far, and Σ exp(s − top). */
  std::vector<T> top, total;
};

/** Takes row r to a larger maximum. */
template <typename T>
void raise_top(ForwardScratch<T> &x, int64_t r, T top) {
  const T factor = exponential(x.top[r] - top);
  x.total[r] *= factor;
  for (int64_t c = r * x.width; c < (r + 1) * x.width; c++) x.o[c] *= factor;
  x.top[r] = top;
}

/** Weights of a tile, and what they add to the totals: online softmax (https://arxiv.org/abs/2205.14135, algorithm 1). */
template <typename T>
void weigh(ForwardScratch<T> &x, int64_t rows) {
  for (int64_t r = 0; r < rows; r++) {
    const T *s = x.s.data() + r * tile_keys;
    T *w = x.w.data() + r * tile_keys;
    const T highest = largest(s, tile_keys);
    if (highest > x.top[r]) raise_top(x, r, highest);
    // nothing seen so far: −∞ − −∞ is no number
    const T top = x.top[r] == minus_infinity<T> ? T(0) : x.top[r];
    for (int64_t t = 0; t < tile_keys; t++) w[t] = exponential(s[t] - top);
    x.total[r] += sum(w, tile_keys);
  }
}

/** o += w·v. Where a key is hidden from a row its value is not touched, so that a NaN in it cannot leak. */
template <typename T>
void add_values(ForwardScratch<T> &x, const Place &at, bool hidden) {
  if (!hidden) {
    multiply_add<T>({x.w.data(), tile_keys, 1}, x.v.data(), x.width, x.o.data(), x.width, at.rows, x.width, at.keys);
    return;
  }
  for (int64_t r = 0; r < at.rows; r++)
    for (int64_t t = 0; t < at.keys; t++)
      if (x.s[r * tile_keys + t] != minus_infinity<T>)
        add_scaled(x.o.data() + r * x.width, x.w[r * tile_keys + t], x.v.data() + t * x.width, x.width);
}

template <typename T>
void forward_block(const Problem<T> &p, ForwardScratch<T> &x, int64_t b, int64_t h, int64_t first, View<T> o, T *lse) {
  const int64_t rows = std::min(block_rows, p.m - first);
  gather_rows(p.q, b, h, first, rows, p.d, p.d, x.q.data());
  std::fill(x.o.begin(), x.o.end(), T(0));
  std::fill(x.top.begin(), x.top.end(), minus_infinity<T>);
  std::fill(x.total.begin(), x.total.end(), T(0));
  const int64_t end = p.end_key(first + rows - 1);
  for (int64_t j = p.first_key(first) / tile_keys * tile_keys; j < end; j += tile_keys) {
    const Place at{b, h, first, rows, j, std::min(tile_keys, p.n - j)};
    gather_transposed(p.k, b, h / p.g, j, at.keys, p.d, x.kt.data());
    gather_rows(p.v, b, h / p.g, j, at.keys, p.e, x.width, x.v.data());
    std::fill(x.s.begin(), x.s.end(), T(0));
    multiply_add<T>({x.q.data(), p.d, 1}, x.kt.data(), tile_keys, x.s.data(), tile_keys, rows, tile_keys, p.d);
    const bool hidden = finish_scores<T>(p, at, x.s.data(), nullptr);
    weigh(x, rows);
    add_values(x, at, hidden);
  }
  for (int64_t r = 0; r < rows; r++) {
    if (p.sink) {
      if (p.sink[h] > x.top[r]) raise_top(x, r, p.sink[h]);
      x.total[r] += exponential(p.sink[h] - x.top[r]);
    }
    const T total = x.total[r];
    T *row = o.at(b, h, first + r);
    for (int64_t c = 0; c < p.e; c++) row[c * o.step()] = total == 0 ? T(0) : x.o[r * x.width + c] / total;
    if (lse) lse[p.lse_at(b, h, first + r)] = total == 0 ? minus_infinity<T> : x.top[r] + std::log(total);
  }
}

/** Blocks of rows are computed on their own, in the same way whatever else is in the batch. @throws std::bad_alloc */
template <typename T>
void forward(const Problem<T> &p, View<T> o, T *lse) {
  const int64_t blocks = (p.m + block_rows - 1) / block_rows;
  const int64_t units = p.b * p.heads() * blocks;
  const bool shared = p.b * p.heads() * p.m * p.n * (p.d + p.e) >= worth_sharing;
  const int threads = shared ? thread_count() : 1;
  std::vector<ForwardScratch<T>> scratch(threads, ForwardScratch<T>(p));
  for_each_unit(units, threads, [&](int64_t unit, int thread) {
    const int64_t head = unit / blocks;
    forward_block(p, scratch[thread], head / p.heads(), head % p.heads(), unit % blocks * block_rows, o, lse);
  });
}
