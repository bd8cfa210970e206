#pragma once

#include "forward.hpp"

/** Keys and values [pages, page, hk, d or e], found by a table of pages for each batch entry, [b, max_pages]. */
template <typename T>
struct Pages {
  T *k, *v;
  const int32_t *table;
  int64_t page, max_pages;
};

/** Writes rows [hk, t, width] of one batch entry to the slots of its positions from `first` on. */
template <typename T>
void append(View<const T> rows, int64_t hk, int64_t t, int64_t width, int64_t first, const int32_t *table, int64_t page, T *pages) {
  for (int64_t i = 0; i < t; i++) {
    const int64_t at = first + i;
    T *slot = pages + (table[at / page] * page + at % page) * hk * width;
    for (int64_t h = 0; h < hk; h++) {
      const T *from = rows.at(0, h, i);
      for (int64_t c = 0; c < width; c++) slot[h * width + c] = from[c * rows.step()];
    }
  }
}

/**
 * Appends the m new tokens of each batch entry behind the lengths[b] that are there, and attends to all of them through the table.
 * @param p its k and v are the new rows; n and offset are those of no entry. @throws std::bad_alloc
 */
template <typename T>
void forward_paged(const Problem<T> &p, const Pages<T> &cache, const int32_t *lengths, View<T> o, T *lse) {
  const int64_t k_strides[] = {0, p.d, p.hk * p.d, 1};
  const int64_t v_strides[] = {0, p.e, p.hk * p.e, 1};
  for (int64_t b = 0; b < p.b; b++) {
    const int32_t *table = cache.table + b * cache.max_pages;
    append(p.k.entry(b), p.hk, p.m, p.d, lengths[b], table, cache.page, cache.k);
    append(p.v.entry(b), p.hk, p.m, p.e, lengths[b], table, cache.page, cache.v);
  }
  for (int64_t b = 0; b < p.b; b++) {
    const int32_t *table = cache.table + b * cache.max_pages;
    Problem<T> own = p;
    own.b = 1;
    own.q = p.q.entry(b);
    own.k = {cache.k, k_strides, table, cache.page};
    own.v = {cache.v, v_strides, table, cache.page};
    own.n = lengths[b] + p.m;
    own.offset = own.n - own.m;
    forward(own, o.entry(b), lse ? lse + b * p.heads() * p.m : nullptr);
  }
}
