// ggml's flash attention (ggml_flash_attn_ext of https://github.com/ggml-org/ggml, MIT) on its CPU backend: queries in f32, keys and values in
// f32 or f16, the mask in f16, the output in f32.
#include <cmath>
#include <cstdint>
#include <cstring>
#include <new>

#include "ggml-cpu.h"
#include "ggml.h"

namespace {

/** Two where the keys of a single query are split among them; elsewhere they would compute the same, and wait for each other. */
int threadsFor(int m) { return m == 1 ? 2 : 1; }

struct Sizes {
    int b, hk, g, m, n, d, e;
};

ggml_tensor *filled(ggml_context *context, ggml_type type, int64_t ne0, int64_t ne1, int64_t ne2, int64_t ne3, const void *data) {
    ggml_tensor *tensor = ggml_new_tensor_4d(context, type, ne0, ne1, ne2, ne3);
    std::memcpy(tensor->data, data, ggml_nbytes(tensor));
    return tensor;
}

/** [b, l, h, d] as the operator takes it, [b, h, l, d]: a view, as llama.cpp makes them. */
ggml_tensor *heads(ggml_context *context, ggml_type type, int64_t b, int64_t l, int64_t h, int64_t d, const void *data) {
    return ggml_permute(context, filled(context, type, d, h, l, b, data), 0, 2, 1, 3);
}

/** True keeps: zero for what is seen, minus infinity for what is not. */
ggml_tensor *additive(ggml_context *context, const uint8_t *mask, const int32_t *shape) {
    ggml_tensor *tensor = ggml_new_tensor_4d(context, GGML_TYPE_F16, shape[3], shape[2], shape[1], shape[0]);
    auto *cells = static_cast<ggml_fp16_t *>(tensor->data);
    const ggml_fp16_t seen = ggml_fp32_to_fp16(0), hidden = ggml_fp32_to_fp16(-INFINITY);
    for (int64_t i = 0; i < ggml_nelements(tensor); i++) cells[i] = mask[i] ? seen : hidden;
    return tensor;
}

size_t bytesFor(const Sizes &s) {
    const size_t queries = size_t(s.b) * s.hk * s.g * s.m, keys = size_t(s.b) * s.hk * s.n;
    const size_t numbers = queries * (s.d + s.e) + keys * (s.d + s.e) + size_t(s.hk) * s.g, cells = queries * s.n;
    // and what it works in: a tile of 64 queries and keys of each of two threads, or a partial result of each
    const size_t work = 2 * (64 * size_t(4 * s.d + 4 * s.e + 256) + size_t(s.hk) * s.g * (s.e + 2));
    return 4 * (numbers + work) + 2 * cells + 64 * ggml_tensor_overhead() + ggml_graph_overhead() + (1 << 20);
}

int attention(
    ggml_type type, const float *q, const void *k, const void *v, const uint8_t *mask, const int32_t *maskShape, const float *sink, Sizes s,
    float scale, float softcap, float *o
) {
    ggml_context *context = ggml_init({bytesFor(s), nullptr, false});
    if (context == nullptr) return 1;
    ggml_tensor *out = ggml_flash_attn_ext(
        context, heads(context, GGML_TYPE_F32, s.b, s.m, s.hk * s.g, s.d, q), heads(context, type, s.b, s.n, s.hk, s.d, k),
        heads(context, type, s.b, s.n, s.hk, s.e, v), mask == nullptr ? nullptr : additive(context, mask, maskShape), scale, 0, softcap
    );
    ggml_flash_attn_ext_set_prec(out, GGML_PREC_F32);
    if (sink != nullptr) ggml_flash_attn_ext_add_sinks(out, filled(context, GGML_TYPE_F32, s.hk * s.g, 1, 1, 1, sink));
    ggml_cgraph *graph = ggml_new_graph(context);
    ggml_build_forward_expand(graph, out);
    const ggml_status status = ggml_graph_compute_with_ctx(context, graph, threadsFor(s.m));
    // [b, m, h, e]
    if (status == GGML_STATUS_SUCCESS) std::memcpy(o, out->data, ggml_nbytes(out));
    ggml_free(context);
    return status == GGML_STATUS_SUCCESS ? 0 : 2;
}

}  // namespace

extern "C" int ggml_attention_f32(
    const float *q, const float *k, const float *v, const uint8_t *mask, const int32_t *maskShape, const float *sink, int b, int hk, int g, int m,
    int n, int d, int e, float scale, float softcap, float *o
) {
    return attention(GGML_TYPE_F32, q, k, v, mask, maskShape, sink, {b, hk, g, m, n, d, e}, scale, softcap, o);
}

/** As a cache in f16 is used: what comes in f16 and is none of keys and values is widened. */
extern "C" int ggml_attention_f16(
    const uint16_t *q, const uint16_t *k, const uint16_t *v, const uint8_t *mask, const int32_t *maskShape, const uint16_t *sink, int b, int hk,
    int g, int m, int n, int d, int e, float scale, float softcap, float *o
) {
    const int64_t heads = int64_t(hk) * g, elements = heads * b * m * d;
    float *wide = new (std::nothrow) float[elements + heads];
    if (wide == nullptr) return 1;
    ggml_fp16_to_fp32_row(q, wide, elements);
    if (sink != nullptr) ggml_fp16_to_fp32_row(sink, wide + elements, heads);
    const int code = attention(
        GGML_TYPE_F16, wide, k, v, mask, maskShape, sink == nullptr ? nullptr : wide + elements, {b, hk, g, m, n, d, e}, scale, softcap, o
    );
    delete[] wide;
    return code;
}
