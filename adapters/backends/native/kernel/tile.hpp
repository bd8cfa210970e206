#pragma once

#include <algorithm>

#include "problem.hpp"
#include "vector.hpp"

/** Keys per online step, a whole number of vectors. */
constexpr int64_t tile_keys = 64;
/** Query rows that go through a tile together. */
constexpr int64_t block_rows = 64;

/** Rows [first, first + rows) of head h, gathered into out with `width` elements to a row and zeros beyond the columns. */
template <typename T>
void gather_rows(View<const T> x, int64_t b, int64_t h, int64_t first, int64_t rows, int64_t columns, int64_t width, T *out) {
  for (int64_t i = 0; i < rows; i++) {
    const T *from = x.at(b, h, first + i);
    T *to = out + i * width;
    if (x.step() == 1) std::copy(from, from + columns, to);
    else
      for (int64_t c = 0; c < columns; c++) to[c] = from[c * x.step()];
    std::fill(to + columns, to + width, T(0));
  }
}

/** The same rows as columns: out [columns, tile_keys], zeros beyond the rows. */
template <typename T>
void gather_transposed(View<const T> x, int64_t b, int64_t h, int64_t first, int64_t rows, int64_t columns, T *out) {
  for (int64_t i = 0; i < rows; i++) {
    const T *from = x.at(b, h, first + i);
    for (int64_t c = 0; c < columns; c++) out[c * tile_keys + i] = from[c * x.step()];
  }
  if (rows == tile_keys) return;
  for (int64_t c = 0; c < columns; c++) std::fill(out + c * tile_keys + rows, out + (c + 1) * tile_keys, T(0));
}
