#pragma once

#include <cstdint>

#ifdef _OPENMP
#include <omp.h>
inline int thread_count() { return omp_get_max_threads(); }
inline int thread_index() { return omp_get_thread_num(); }
#else
inline int thread_count() { return 1; }
inline int thread_index() { return 0; }
#endif

/** Multiplications below which waking other threads costs more than it saves. */
constexpr int64_t worth_sharing = 1 << 20;

/** work(unit, thread) for every unit; each unit is computed by one thread alone, so that results do not depend on how many there are. */
template <typename Work>
void for_each_unit(int64_t units, [[maybe_unused]] int threads, Work work) {
#ifdef _OPENMP
#pragma omp parallel for schedule(dynamic) num_threads(threads) if (threads > 1)
#endif
  for (int64_t unit = 0; unit < units; unit++) work(unit, thread_index());
}
