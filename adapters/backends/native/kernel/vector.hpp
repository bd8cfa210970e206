#pragma once

#include <cstdint>
#include <cstring>

// Vectors of the widest registers there are: GCC and Clang lower them to whatever the target has.
#if defined(__AVX512F__)
constexpr int vector_bytes = 64;
constexpr int vectors_in_reach = 4;
#elif defined(__AVX__)
constexpr int vector_bytes = 32;
constexpr int vectors_in_reach = 2;
#else
constexpr int vector_bytes = 16;
constexpr int vectors_in_reach = 2;
#endif

template <typename T>
struct Lanes {
  static constexpr int count = vector_bytes / sizeof(T);
  typedef T Vector __attribute__((vector_size(vector_bytes)));

  static Vector load(const T *from) {
    Vector x;
    std::memcpy(&x, from, sizeof x);
    return x;
  }

  static void store(T *to, Vector x) { std::memcpy(to, &x, sizeof x); }

  /** A size rounded up to whole vectors. */
  static int64_t padded(int64_t size) { return (size + count - 1) / count * count; }
};

/** The largest of x[0, size), a whole number of vectors. */
template <typename T>
T largest(const T *x, int size) {
  using L = Lanes<T>;
  typename L::Vector top = L::load(x);
  for (int j = L::count; j < size; j += L::count) {
    const typename L::Vector y = L::load(x + j);
    top = y > top ? y : top;
  }
  T result = top[0];
  for (int lane = 1; lane < L::count; lane++) result = top[lane] > result ? top[lane] : result;
  return result;
}

/** The sum of x[0, size), a whole number of vectors; zeros change nothing, so padding is free. */
template <typename T>
T sum(const T *x, int size) {
  using L = Lanes<T>;
  typename L::Vector total = L::load(x);
  for (int j = L::count; j < size; j += L::count) total += L::load(x + j);
  T result = total[0];
  for (int lane = 1; lane < L::count; lane++) result += total[lane];
  return result;
}
