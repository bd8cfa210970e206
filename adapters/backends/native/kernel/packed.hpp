#pragma once

#include "backward.hpp"
#include "forward.hpp"

/** Documents one after the other: document x has queries [cu_q[x], cu_q[x + 1]) and keys [cu_k[x], cu_k[x + 1]). */
struct Documents {
  const int32_t *cu_q, *cu_k;
  /** 0: the call is no packed one. */
  int64_t count;
};

/** The call of one document, whose last query stands at its last key. */
template <typename T>
Problem<T> document_of(const Problem<T> &p, const Documents &documents, int64_t x) {
  Problem<T> own = p;
  own.q = p.q.from(documents.cu_q[x]);
  own.k = p.k.from(documents.cu_k[x]);
  own.v = p.v.from(documents.cu_k[x]);
  own.m = documents.cu_q[x + 1] - documents.cu_q[x];
  own.n = documents.cu_k[x + 1] - documents.cu_k[x];
  own.offset = own.n - own.m;
  return own;
}

/** The whole call, or each document by itself. @throws std::bad_alloc */
template <typename T>
void forward(const Problem<T> &p, const Documents &documents, View<T> o, T *lse) {
  if (documents.count == 0) return forward(p, o, lse);
  for (int64_t x = 0; x < documents.count; x++) {
    const int64_t first = documents.cu_q[x];
    forward(document_of(p, documents, x), o.from(first), lse ? lse + first : nullptr);
  }
}

/** The same; dalibi and dsink are added up over the documents. @throws std::bad_alloc */
template <typename T>
void backward(const Problem<T> &p, const Documents &documents, const Cotangents<T> &in, const Gradients<T> &out) {
  if (out.dalibi) std::fill(out.dalibi, out.dalibi + p.heads(), T(0));
  if (out.dsink) std::fill(out.dsink, out.dsink + p.heads(), T(0));
  if (documents.count == 0) return backward(p, in, out);
  for (int64_t x = 0; x < documents.count; x++) {
    const int64_t i = documents.cu_q[x], j = documents.cu_k[x];
    const Cotangents<T> own{in.o.from(i), in.lse + i, in.d_o.from(i), in.d_lse ? in.d_lse + i : nullptr};
    backward(document_of(p, documents, x), own, {out.dq.from(i), out.dk.from(j), out.dv.from(j), out.dbias, out.dalibi, out.dsink});
  }
}
