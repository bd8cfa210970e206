#include <new>

#include "../include/attention_cts.h"
#include "packed.hpp"
#include "paged.hpp"

namespace {

template <typename Work>
int guarded(Work work) {
  try {
    work();
    return ATTENTION_OK;
  } catch (const std::bad_alloc &) {
    return ATTENTION_OUT_OF_MEMORY;
  }
}

}  // namespace

#define ATTENTION_DEFINE(SUFFIX, REAL)                                                                                                      \
  int attention_forward_##SUFFIX(                                                                                                           \
      const REAL *q, const int64_t *q_strides, const REAL *k, const int64_t *k_strides, const REAL *v, const int64_t *v_strides,            \
      const uint8_t *mask, const int64_t *mask_strides, const REAL *bias, const int64_t *bias_strides, const REAL *alibi, const REAL *sink, \
      int32_t b, int32_t hk, int32_t g, int32_t m, int32_t n, int32_t d, int32_t e,                                                         \
      int32_t offset, int32_t left, int32_t right, double scale, double softcap,                                                            \
      const int32_t *cu_q, const int32_t *cu_k, int32_t documents,                                                                          \
      REAL *o, const int64_t *o_strides, REAL *lse) {                                                                                       \
    const Problem<REAL> p{{q, q_strides}, {k, k_strides}, {v, v_strides}, {mask, mask_strides}, {bias, bias_strides}, alibi, sink,          \
                          b, hk, g, m, n, d, e, offset, left, right, static_cast<REAL>(scale), static_cast<REAL>(softcap), m};              \
    return guarded([&] { forward<REAL>(p, Documents{cu_q, cu_k, documents}, {o, o_strides}, lse); });                                       \
  }                                                                                                                                         \
  int attention_paged_##SUFFIX(                                                                                                             \
      const REAL *q, const int64_t *q_strides, const REAL *k_new, const int64_t *k_new_strides, const REAL *v_new,                          \
      const int64_t *v_new_strides, const REAL *alibi, const REAL *sink, const int32_t *block_table, const int32_t *cache_lengths,          \
      int32_t b, int32_t hk, int32_t g, int32_t m, int32_t d, int32_t e, int32_t page, int32_t max_pages,                                   \
      int32_t left, int32_t right, double scale, double softcap,                                                                            \
      REAL *k_pages, REAL *v_pages, REAL *o, const int64_t *o_strides, REAL *lse) {                                                                                         \
    const Problem<REAL> p{{q, q_strides}, {k_new, k_new_strides}, {v_new, v_new_strides}, {}, {}, alibi, sink,                              \
                          b, hk, g, m, m, d, e, 0, left, right, static_cast<REAL>(scale), static_cast<REAL>(softcap), m};                   \
    return guarded([&] {                                                                                                                    \
      forward_paged<REAL>(p, {k_pages, v_pages, block_table, page, max_pages}, cache_lengths, {o, o_strides}, lse);                         \
    });                                                                                                                                     \
  }                                                                                                                                         \
  int attention_backward_##SUFFIX(                                                                                                          \
      const REAL *q, const int64_t *q_strides, const REAL *k, const int64_t *k_strides, const REAL *v, const int64_t *v_strides,            \
      const uint8_t *mask, const int64_t *mask_strides, const REAL *bias, const int64_t *bias_strides, const REAL *alibi, const REAL *sink, \
      int32_t b, int32_t hk, int32_t g, int32_t m, int32_t n, int32_t d, int32_t e,                                                         \
      int32_t offset, int32_t left, int32_t right, double scale, double softcap,                                                            \
      const int32_t *cu_q, const int32_t *cu_k, int32_t documents,                                                                          \
      const REAL *o, const int64_t *o_strides, const REAL *lse, const REAL *d_o, const int64_t *d_o_strides, const REAL *d_lse,             \
      REAL *dq, const int64_t *dq_strides, REAL *dk, const int64_t *dk_strides, REAL *dv, const int64_t *dv_strides,                        \
      REAL *dbias, const int64_t *dbias_strides, REAL *dalibi, REAL *dsink) {                                                               \
    const Problem<REAL> p{{q, q_strides}, {k, k_strides}, {v, v_strides}, {mask, mask_strides}, {bias, bias_strides}, alibi, sink,          \
                          b, hk, g, m, n, d, e, offset, left, right, static_cast<REAL>(scale), static_cast<REAL>(softcap), m};              \
    return guarded([&] {                                                                                                                    \
      backward<REAL>(p, Documents{cu_q, cu_k, documents}, {{o, o_strides}, lse, {d_o, d_o_strides}, d_lse},                                 \
                     {{dq, dq_strides}, {dk, dk_strides}, {dv, dv_strides}, {dbias, dbias_strides}, dalibi, dsink});                        \
    });                                                                                                                                     \
  }

ATTENTION_DEFINE(f32, float)
ATTENTION_DEFINE(f64, double)
