#pragma once

#include <vector>

#include "exponential.hpp"
#include "matmul.hpp"
#include "parallel.hpp"
#include "scores.hpp"

/** What comes back from above, and what the forward pass left: for a block of a larger attention o and lse of the whole. */
template <typename T>
struct Cotangents {
  View<const T> o;
  const T *lse;
  View<const T> d_o;
  const T *d_lse;
};

template <typename T>
struct Gradients {
  View<T> dq, dk, dv, dbias;
  /** [heads] */
  T *dalibi, *dsink;
};

/** What one thread needs for a key head and a block of its queries. */
template <typename T>
struct BackwardScratch {
  explicit BackwardScratch(const Problem<T> &p)
      : wide_d(Lanes<T>::padded(p.d)), wide_e(Lanes<T>::padded(p.e)), q(block_rows * wide_d), dq(block_rows * wide_d),
        d_o(block_rows * wide_e), shift(block_rows), kt(p.d * tile_keys), k(tile_keys * wide_d), vt(p.e * tile_keys),
        s(block_rows * tile_keys), slopes(p.softcap != 0 ? block_rows * tile_keys : 0), w(block_rows * tile_keys), ds(block_rows * tile_keys),
        dk(p.n * wide_d), dv(p.n * wide_e) {}

  /** d and e, padded to whole vectors. */
  int64_t wide_d, wide_e;
  /** q and dq [rows, wide_d]; d_o [rows, wide_e]; shift [rows]: Δ − dlse. */
  std::vector<T> q, dq, d_o, shift;
  /** kt [d, keys]; k [keys, wide_d]; vt [e, keys]. */
  std::vector<T> kt, k, vt;
  /** [rows, keys]: scores, slopes of the softcap, weights, gradients of the scores. */
  std::vector<T> s, slopes, w, ds;
  /** dk [n, wide_d], dv [n, wide_e] of the key head. */
  std::vector<T> dk, dv;
};

/** Gradients of the scores: P(dP − Δ + dlse) with P = exp(s − lse); 0 where the key is hidden. Also what they add to dbias and dalibi. */
template <typename T>
void score_gradients(const Problem<T> &p, BackwardScratch<T> &x, const Place &at, const T *lse, const Gradients<T> &out, T &dalibi) {
  for (int64_t r = 0; r < at.rows; r++) {
    const T *s = x.s.data() + r * tile_keys;
    T *w = x.w.data() + r * tile_keys;
    T *ds = x.ds.data() + r * tile_keys;
    // a row without keys has no lse to subtract, and no score above −∞
    const T level = lse[r] == minus_infinity<T> ? T(0) : lse[r];
    const T shift = x.shift[r];
    for (int64_t t = 0; t < tile_keys; t++) w[t] = exponential(s[t] - level);
    for (int64_t t = 0; t < tile_keys; t++) {
      const T gradient = w[t] * (ds[t] - shift);
      ds[t] = s[t] == minus_infinity<T> ? T(0) : gradient;
    }
    const int64_t i = at.i + r;
    if (out.dbias) {
      T *dbias = out.dbias.at(at.b, at.h, i) + at.j * out.dbias.step();
      for (int64_t t = 0; t < at.keys; t++) dbias[t * out.dbias.step()] += ds[t];
    }
    if (out.dalibi)
      for (int64_t t = 0; t < at.keys; t++) dalibi += ds[t] * static_cast<T>(at.j + t - i - p.offset);
    if (p.softcap != 0)
      for (int64_t t = 0; t < at.keys; t++) ds[t] *= x.slopes[r * tile_keys + t];
  }
}

/** dv += Pᵀ do, dk += dSᵀ q, dq += dS k; the scale comes at the end. Hidden pairs are not touched. */
template <typename T>
void add_gradients(BackwardScratch<T> &x, const Place &at, bool hidden, int64_t d, int64_t e) {
  T *dk = x.dk.data() + at.j * x.wide_d;
  T *dv = x.dv.data() + at.j * x.wide_e;
  if (!hidden) {
    multiply_add<T>({x.w.data(), 1, tile_keys}, x.d_o.data(), x.wide_e, dv, x.wide_e, at.keys, x.wide_e, at.rows);
    multiply_add<T>({x.ds.data(), 1, tile_keys}, x.q.data(), x.wide_d, dk, x.wide_d, at.keys, x.wide_d, at.rows);
    multiply_add<T>({x.ds.data(), tile_keys, 1}, x.k.data(), x.wide_d, x.dq.data(), x.wide_d, at.rows, x.wide_d, at.keys);
    return;
  }
  for (int64_t r = 0; r < at.rows; r++) {
    for (int64_t t = 0; t < at.keys; t++) {
      const int64_t cell = r * tile_keys + t;
      if (x.s[cell] == minus_infinity<T>) continue;
      add_scaled(dv + t * x.wide_e, x.w[cell], x.d_o.data() + r * x.wide_e, e);
      add_scaled(dk + t * x.wide_d, x.ds[cell], x.q.data() + r * x.wide_d, d);
      add_scaled(x.dq.data() + r * x.wide_d, x.ds[cell], x.k.data() + t * x.wide_d, d);
    }
  }
}

/** Δ − dlse of each row, Δ = Σ do·o. */
template <typename T>
void row_shifts(const Problem<T> &p, BackwardScratch<T> &x, const Cotangents<T> &in, int64_t b, int64_t h, int64_t first, int64_t rows) {
  const T *d_lse = in.d_lse ? in.d_lse + p.lse_at(b, h, first) : nullptr;
  for (int64_t r = 0; r < rows; r++) {
    const T *o = in.o.at(b, h, first + r);
    T delta = 0;
    for (int64_t c = 0; c < p.e; c++) delta += x.d_o[r * x.wide_e + c] * o[c * in.o.step()];
    x.shift[r] = d_lse ? delta - d_lse[r] : delta;
  }
}

template <typename T>
void scatter_scaled(const T *rows, int64_t width, int64_t count, int64_t columns, T scale, View<T> out, int64_t b, int64_t h, int64_t first) {
  for (int64_t i = 0; i < count; i++) {
    T *to = out.at(b, h, first + i);
    for (int64_t c = 0; c < columns; c++) to[c * out.step()] = scale * rows[i * width + c];
  }
}

/** @param dalibi @param dsink of this head and batch entry, added to. */
template <typename T>
void backward_block(const Problem<T> &p, BackwardScratch<T> &x, int64_t b, int64_t h, int64_t first, const Cotangents<T> &in,
                    const Gradients<T> &out, T &dalibi, T &dsink) {
  const int64_t rows = std::min(block_rows, p.m - first);
  const T *lse = in.lse + p.lse_at(b, h, first);
  gather_rows(p.q, b, h, first, rows, p.d, x.wide_d, x.q.data());
  gather_rows(in.d_o, b, h, first, rows, p.e, x.wide_e, x.d_o.data());
  row_shifts(p, x, in, b, h, first, rows);
  std::fill(x.dq.begin(), x.dq.end(), T(0));
  const int64_t end = p.end_key(first + rows - 1);
  for (int64_t j = p.first_key(first) / tile_keys * tile_keys; j < end; j += tile_keys) {
    const Place at{b, h, first, rows, j, std::min(tile_keys, p.n - j)};
    gather_transposed(p.k, b, h / p.g, j, at.keys, p.d, x.kt.data());
    gather_rows(p.k, b, h / p.g, j, at.keys, p.d, x.wide_d, x.k.data());
    gather_transposed(p.v, b, h / p.g, j, at.keys, p.e, x.vt.data());
    std::fill(x.s.begin(), x.s.end(), T(0));
    multiply_add<T>({x.q.data(), x.wide_d, 1}, x.kt.data(), tile_keys, x.s.data(), tile_keys, rows, tile_keys, p.d);
    const bool hidden = finish_scores(p, at, x.s.data(), p.softcap != 0 ? x.slopes.data() : nullptr);
    std::fill(x.ds.begin(), x.ds.end(), T(0));
    multiply_add<T>({x.d_o.data(), x.wide_e, 1}, x.vt.data(), tile_keys, x.ds.data(), tile_keys, rows, tile_keys, p.e);
    score_gradients(p, x, at, lse, out, dalibi);
    add_gradients(x, at, hidden, p.d, p.e);
  }
  if (out.dq) scatter_scaled(x.dq.data(), x.wide_d, rows, p.d, p.scale, out.dq, b, h, first);
  if (p.sink && out.dsink)
    for (int64_t r = 0; r < rows; r++) dsink -= exponential(p.sink[h] - lse[r]) * x.shift[r];
}

/** All axes of size 1 in a broadcast bias share their cells, so that clearing them twice is all it costs. */
template <typename T>
void clear_bias_gradient(const Problem<T> &p, View<T> dbias) {
  for (int64_t b = 0; b < p.b; b++)
    for (int64_t h = 0; h < p.heads(); h++)
      for (int64_t i = 0; i < p.m; i++)
        for (int64_t j = 0; j < p.n; j++) dbias.at(b, h, i)[j * dbias.step()] = 0;
}

/**
 * Gradients from o and lse (https://arxiv.org/abs/2307.08691, algorithm 2). Key heads are computed on their own, in the same way whatever
 * else is in the batch. What all of them share, dalibi and dsink, is added to. @throws std::bad_alloc
 */
template <typename T>
void backward(const Problem<T> &p, const Cotangents<T> &in, const Gradients<T> &out) {
  const bool shared = p.b * p.heads() * p.m * p.n * (p.d + p.e) >= worth_sharing;
  // key heads that add to one bias gradient take turns
  const bool apart = !out.dbias || ((p.b == 1 || out.dbias.strides[0] != 0) && (p.heads() == 1 || out.dbias.strides[1] != 0));
  const int threads = shared && apart ? thread_count() : 1;
  std::vector<BackwardScratch<T>> scratch(threads, BackwardScratch<T>(p));
  std::vector<T> dalibi(p.b * p.heads()), dsink(p.b * p.heads());
  if (out.dbias) clear_bias_gradient(p, out.dbias);
  for_each_unit(p.b * p.hk, threads, [&](int64_t unit, int thread) {
    BackwardScratch<T> &x = scratch[thread];
    const int64_t b = unit / p.hk, kh = unit % p.hk;
    std::fill(x.dk.begin(), x.dk.end(), T(0));
    std::fill(x.dv.begin(), x.dv.end(), T(0));
    for (int64_t h = kh * p.g; h < (kh + 1) * p.g; h++)
      for (int64_t first = 0; first < p.m; first += block_rows)
        backward_block(p, x, b, h, first, in, out, dalibi[b * p.heads() + h], dsink[b * p.heads() + h]);
    if (out.dk) scatter_scaled(x.dk.data(), x.wide_d, p.n, p.d, p.scale, out.dk, b, kh, 0);
    if (out.dv) scatter_scaled(x.dv.data(), x.wide_e, p.n, p.e, T(1), out.dv, b, kh, 0);
  });
  for (int64_t h = 0; h < p.heads(); h++) {
    T alibi = 0, sink = 0;
    for (int64_t b = 0; b < p.b; b++) {
      alibi += dalibi[b * p.heads() + h];
      sink += dsink[b * p.heads() + h];
    }
    if (out.dalibi) out.dalibi[h] += alibi;
    if (out.dsink) out.dsink[h] += sink;
  }
}
