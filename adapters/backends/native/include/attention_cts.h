/*
 * The C ABI of attention-cts' own native kernel. Yours may have any other: kernel.json says what each argument is.
 *
 * Arrays are read where they are. Element (b, h, i, c) of a tensor lies at b*strides[0] + h*strides[1] + i*strides[2] + c*strides[3],
 * strides in elements and in this order whatever the layout. Inputs that a call lacks are NULL.
 *
 *   q     [b, hk*g, m, d]     query head h reads key head h / g
 *   k     [b, hk, n, d]
 *   v     [b, hk, n, e]
 *   mask  [b, hk*g, m, n]     non-zero keeps; an axis of size 1 has stride 0
 *   bias  [b, hk*g, m, n]     added to the scaled, capped score; minus infinity hides the key; an axis of size 1 has stride 0
 *   alibi [hk*g]              slope, times (j - i - offset)
 *   sink  [hk*g]              one more logit, without a value
 *   o     [b, hk*g, m, e]
 *   lse   [b, hk*g, m]        contiguous, natural logarithm; minus infinity where a row sees nothing, whose o is 0
 *   d_o   [b, hk*g, m, e]     gradient of o
 *   d_lse [b, hk*g, m]        contiguous, gradient of lse
 *   cu_q  [documents + 1]     packed documents, b = 1: document x has queries [cu_q[x], cu_q[x + 1]) and keys [cu_k[x], cu_k[x + 1]), and
 *   cu_k  [documents + 1]     sees no others; any may be empty. documents 0: the call is no packed one
 *
 * Query i stands at key i + offset; of packed documents each has an offset of its own, and the last query stands at the last key. It sees keys from i + offset - left to i + offset + right; -1: all on that side.
 * softcap 0: none. Scores: scale, softcap, alibi, bias, in this order.
 *
 * Paged calls append m new tokens of each batch entry (k_new, v_new [b, hk, m, ·]) to a cache, and attend to all its tokens:
 *
 *   k_pages       [pages, page, hk, d]    contiguous, written in place
 *   v_pages       [pages, page, hk, e]
 *   block_table   [b, max_pages]          the pages of each entry, in order
 *   cache_lengths [b]                     tokens before the call: the last query stands at the last of these and the new ones
 *
 * The backward pass takes the o and lse of the forward pass, for a block of a larger attention those of the whole, and writes the gradients
 * whose pointers are not NULL, in the shapes of their inputs.
 */
#ifndef ATTENTION_CTS_H
#define ATTENTION_CTS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { ATTENTION_OK = 0, ATTENTION_OUT_OF_MEMORY = 1 };

#define ATTENTION_DECLARE(SUFFIX, REAL)                                                                                                     \
  int attention_forward_##SUFFIX(                                                                                                           \
      const REAL *q, const int64_t *q_strides, const REAL *k, const int64_t *k_strides, const REAL *v, const int64_t *v_strides,            \
      const uint8_t *mask, const int64_t *mask_strides, const REAL *bias, const int64_t *bias_strides, const REAL *alibi, const REAL *sink, \
      int32_t b, int32_t hk, int32_t g, int32_t m, int32_t n, int32_t d, int32_t e,                                                         \
      int32_t offset, int32_t left, int32_t right, double scale, double softcap,                                                            \
      const int32_t *cu_q, const int32_t *cu_k, int32_t documents,                                                                          \
      REAL *o, const int64_t *o_strides, REAL *lse);                                                                                        \
  int attention_paged_##SUFFIX(                                                                                                             \
      const REAL *q, const int64_t *q_strides, const REAL *k_new, const int64_t *k_new_strides, const REAL *v_new,                          \
      const int64_t *v_new_strides, const REAL *alibi, const REAL *sink, const int32_t *block_table, const int32_t *cache_lengths,          \
      int32_t b, int32_t hk, int32_t g, int32_t m, int32_t d, int32_t e, int32_t page, int32_t max_pages,                                   \
      int32_t left, int32_t right, double scale, double softcap,                                                                            \
      REAL *k_pages, REAL *v_pages, REAL *o, const int64_t *o_strides, REAL *lse);                                                                                          \
  int attention_backward_##SUFFIX(                                                                                                          \
      const REAL *q, const int64_t *q_strides, const REAL *k, const int64_t *k_strides, const REAL *v, const int64_t *v_strides,            \
      const uint8_t *mask, const int64_t *mask_strides, const REAL *bias, const int64_t *bias_strides, const REAL *alibi, const REAL *sink, \
      int32_t b, int32_t hk, int32_t g, int32_t m, int32_t n, int32_t d, int32_t e,                                                         \
      int32_t offset, int32_t left, int32_t right, double scale, double softcap,                                                            \
      const int32_t *cu_q, const int32_t *cu_k, int32_t documents,                                                                          \
      const REAL *o, const int64_t *o_strides, const REAL *lse, const REAL *d_o, const int64_t *d_o_strides, const REAL *d_lse,             \
      REAL *dq, const int64_t *dq_strides, REAL *dk, const int64_t *dk_strides, REAL *dv, const int64_t *dv_strides,                        \
      REAL *dbias, const int64_t *dbias_strides, REAL *dalibi, REAL *dsink);

ATTENTION_DECLARE(f32, float)
ATTENTION_DECLARE(f64, double)

#ifdef __cplusplus
}
#endif

#endif
