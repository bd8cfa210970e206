#pragma once

#include <cmath>

#include "problem.hpp"
#include "tile.hpp"

/** Where a block of rows meets a tile of keys. */
struct Place {
  int64_t b, h;
  /** First query and how many. */
  int64_t i, rows;
  /** First key and how many. */
  int64_t j, keys;
};

/** Non-zero mask, bias above −∞, inside the window: every other score of the row becomes −∞, and stays so. */
template <typename T>
bool hide_keys(const Problem<T> &p, const Place &at, int64_t i, T *s) {
  bool hidden = false;
  const auto hide = [&](int64_t from, int64_t to) {
    hidden = hidden || from < to;
    for (int64_t t = from; t < to; t++) s[t] = minus_infinity<T>;
  };
  const int64_t first = std::clamp(p.first_key(i) - at.j, int64_t(0), at.keys);
  hide(0, first);
  hide(std::clamp(p.end_key(i) - at.j, first, at.keys), at.keys);
  if (p.mask) {
    const uint8_t *mask = p.mask.at(at.b, at.h, i) + at.j * p.mask.step();
    for (int64_t t = 0; t < at.keys; t++)
      if (mask[t * p.mask.step()] == 0) hide(t, t + 1);
  }
  if (p.bias) {
    const T *bias = p.bias.at(at.b, at.h, i) + at.j * p.bias.step();
    for (int64_t t = 0; t < at.keys; t++)
      if (bias[t * p.bias.step()] == minus_infinity<T>) hide(t, t + 1);
  }
  for (int64_t t = at.keys; t < tile_keys; t++) s[t] = minus_infinity<T>;
  return hidden;
}

/**
 * Takes q·k to scores, in place: scale, softcap, alibi, bias; −∞ where a key is hidden, and beyond the last key.
 * @param s [rows, tile_keys]
 * @param slopes where not null, the slope of the softcap at each score.
 * @return whether any key of the tile is hidden from any of the rows.
 */
template <typename T>
bool finish_scores(const Problem<T> &p, const Place &at, T *s, T *slopes) {
  bool hidden = false;
  for (int64_t r = 0; r < at.rows; r++, s += tile_keys) {
    const int64_t i = at.i + r;
    for (int64_t t = 0; t < tile_keys; t++) s[t] *= p.scale;
    if (p.softcap != 0) {
      for (int64_t t = 0; t < at.keys; t++) {
        const T tanh = std::tanh(s[t] / p.softcap);
        if (slopes) slopes[r * tile_keys + t] = 1 - tanh * tanh;
        s[t] = p.softcap * tanh;
      }
    }
    if (p.alibi) {
      const T slope = p.alibi[at.h];
      for (int64_t t = 0; t < at.keys; t++) s[t] += slope * static_cast<T>(at.j + t - i - p.offset);
    }
    if (p.bias) {
      const T *bias = p.bias.at(at.b, at.h, i) + at.j * p.bias.step();
      for (int64_t t = 0; t < at.keys; t++) s[t] += bias[t * p.bias.step()];
    }
    hidden = hide_keys(p, at, i, s) || hidden;
  }
  return hidden;
}
