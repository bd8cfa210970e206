#pragma once

#include "vector.hpp"

/** A matrix whose element (i, k) is data[i*row + k*column]. */
template <typename T>
struct Matrix {
  const T *data;
  int64_t row;
  int64_t column;
};

template <typename T, int Rows, int Vectors>
void multiply_block(Matrix<T> a, const T *b, int64_t b_row, T *c, int64_t c_row, int64_t depth) {
  using L = Lanes<T>;
  typename L::Vector sums[Rows][Vectors];
  for (int i = 0; i < Rows; i++)
    for (int x = 0; x < Vectors; x++) sums[i][x] = L::load(c + i * c_row + x * L::count);
  for (int64_t k = 0; k < depth; k++) {
    typename L::Vector row[Vectors];
    for (int x = 0; x < Vectors; x++) row[x] = L::load(b + k * b_row + x * L::count);
    for (int i = 0; i < Rows; i++) {
      const T factor = a.data[i * a.row + k * a.column];
      for (int x = 0; x < Vectors; x++) sums[i][x] += factor * row[x];
    }
  }
  for (int i = 0; i < Rows; i++)
    for (int x = 0; x < Vectors; x++) L::store(c + i * c_row + x * L::count, sums[i][x]);
}

template <typename T, int Vectors>
void multiply_columns(Matrix<T> a, const T *b, int64_t b_row, T *c, int64_t c_row, int64_t rows, int64_t depth) {
  int64_t i = 0;
  for (; i + 4 <= rows; i += 4)
    multiply_block<T, 4, Vectors>({a.data + i * a.row, a.row, a.column}, b, b_row, c + i * c_row, c_row, depth);
  for (; i < rows; i++) multiply_block<T, 1, Vectors>({a.data + i * a.row, a.row, a.column}, b, b_row, c + i * c_row, c_row, depth);
}

/** c [rows, columns] += a [rows, depth] times b [depth, columns]; columns is a whole number of vectors. */
template <typename T>
void multiply_add(Matrix<T> a, const T *b, int64_t b_row, T *c, int64_t c_row, int64_t rows, int64_t columns, int64_t depth) {
  constexpr int wide = vectors_in_reach * Lanes<T>::count;
  int64_t j = 0;
  for (; j + wide <= columns; j += wide) multiply_columns<T, vectors_in_reach>(a, b + j, b_row, c + j, c_row, rows, depth);
  for (; j < columns; j += Lanes<T>::count) multiply_columns<T, 1>(a, b + j, b_row, c + j, c_row, rows, depth);
}

/** y [size] += factor · x [size]. */
template <typename T>
void add_scaled(T *y, T factor, const T *x, int64_t size) {
  for (int64_t j = 0; j < size; j++) y[j] += factor * x[j];
}
