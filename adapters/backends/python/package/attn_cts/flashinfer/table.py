"""Signatures that the suite knows: the names that FlashInfer's functions have for each role of an input, and the roles of each function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Tuple

ROLES: Mapping[str, str] = {
    **{name: "q" for name in ("q", "query")},
    **{name: "k" for name in ("k", "key")},
    **{name: "v" for name in ("v", "value")},
    **{name: "k_cache" for name in ("k_cache", "paged_k_cache")},
    **{name: "v_cache" for name in ("v_cache", "paged_v_cache")},
    **{name: "kv_cache" for name in ("kv_cache", "paged_kv_cache")},
    **{name: name for name in ("q_nope", "q_pe", "ckv_cache", "kpe_cache", "sparse_indices", "return_lse", "causal")},
    **{name: "qo_indptr" for name in ("qo_indptr", "q_indptr", "cu_seqlens_q")},
    **{name: "kv_indptr" for name in ("kv_indptr", "paged_kv_indptr", "cu_seqlens_k", "cu_seqlens_kv")},
    **{name: "kv_indices" for name in ("kv_indices", "paged_kv_indices")},
    **{name: "last_page_len" for name in ("kv_last_page_len", "last_page_len", "paged_kv_last_page_len")},
    **{name: "block_table" for name in ("block_table", "block_tables", "page_table")},
    **{name: "seq_lens" for name in ("seq_lens", "cache_seqlens", "kv_lens")},
    **{name: "scale" for name in ("sm_scale", "softmax_scale", "scale", "bmm1_scale")},
    **{name: name for name in ("bmm2_scale", "max_seq_len", "workspace_buffer")},
    **{name: name for name in ("state", "A_log", "a", "dt_bias", "b", "g")},
    **{"initial_state": "state", "initial_state_indices": "state_indices", "q2k_indices": "block_lists"},
    **{name: name for name in ("cu_seqlens", "v_a", "s_a", "v_b", "s_b", "s", "v_other", "s_other", "mask")},
    **{name: name for name in ("k_scale", "v_scale", "seqlen_q", "kv_lora_rank", "qk_rope_head_dim", "qk_nope_head_dim")},
}
CODES = {"float8_e4m3fn": "e4m3", "float8_e5m2": "e5m2"}
"""Types of caches whose numbers are codes, by the suite's names of them."""


@dataclass(frozen=True)
class Signature:
    name: str
    required: Tuple[str, ...]
    allowed: Tuple[str, ...]
    ranks: Tuple[Tuple[str, int], ...] = ()
    """Number of axes of the inputs that sizes are read from."""


_CALL = ("scale", "return_lse")
_RUNTIME = ("bmm2_scale", "max_seq_len", "workspace_buffer")
"""Inputs of functions that are told what a plan would know: a factor of the output, the longest length, room to work in."""
_SCALES = ("k_scale", "v_scale")
"""Inputs that are known beside caches of codes alone."""
_KV = (("q", 3), ("k_cache", 4), ("v_cache", 4))
_LATENT = (("q_nope", 3), ("q_pe", 3), ("ckv_cache", 3), ("kpe_cache", 3))
SIGNATURES = (
    Signature("paged-prefill", ("q", "k_cache", "v_cache", "qo_indptr", "kv_indptr", "kv_indices"), ("last_page_len", *_CALL, *_SCALES), _KV),
    Signature("paged-decode", ("q", "k_cache", "v_cache", "kv_indptr", "kv_indices"), ("last_page_len", *_CALL, *_SCALES), _KV),
    Signature("table-decode", ("q", "k_cache", "v_cache", "block_table", "seq_lens"), (*_CALL, *_RUNTIME, *_SCALES), _KV),
    Signature("combined-decode", ("q", "kv_cache", "block_table", "seq_lens"), (*_CALL, *_RUNTIME), (("q", 3), ("kv_cache", 5))),
    Signature("combined-csr-decode", ("q", "kv_cache", "kv_indptr", "kv_indices"), ("last_page_len", *_CALL), (("q", 3), ("kv_cache", 5))),
    Signature("combined-prefill", ("q", "kv_cache", "qo_indptr", "kv_indptr", "kv_indices"), ("last_page_len", *_CALL), (("q", 3), ("kv_cache", 5))),
    Signature("ragged-prefill", ("q", "k", "v", "qo_indptr", "kv_indptr"), (*_CALL, "causal"), (("q", 3), ("k", 3), ("v", 3))),
    *(
        Signature(
            "latent-decode",
            ("q", "kv_cache", "block_table", "seq_lens", "kv_lora_rank", "qk_rope_head_dim"),
            (*_CALL, *_RUNTIME, "qk_nope_head_dim"),
            (("q", queries), ("kv_cache", pages)),
        )
        for queries in (4, 3)
        for pages in (4, 3)
    ),
    Signature(
        "block-lists",
        ("q", "k", "v", "block_lists", "qo_indptr", "kv_indptr"),
        (*_CALL, "causal"),
        (("q", 3), ("k", 3), ("v", 3), ("block_lists", 3)),
    ),
    Signature(
        "block-lists-decode",
        ("q", "k", "v", "block_lists", "seqlen_q", "kv_indptr"),
        (*_CALL, "causal"),
        (("q", 3), ("k", 3), ("v", 3), ("block_lists", 3)),
    ),
    Signature("mla-prefill", ("q_nope", "q_pe", "ckv_cache", "kpe_cache", "qo_indptr", "kv_indptr", "kv_indices"), ("last_page_len", *_CALL), _LATENT),
    Signature("mla-decode", ("q_nope", "q_pe", "ckv_cache", "kpe_cache", "kv_indptr", "kv_indices"), ("last_page_len", *_CALL), _LATENT),
    Signature("dsa", ("q_nope", "q_pe", "ckv_cache", "kpe_cache", "sparse_indices"), _CALL, (*_LATENT, ("sparse_indices", 2))),
    Signature(
        "gated-delta",
        ("q", "k", "v", "state", "A_log", "a", "dt_bias", "b", "cu_seqlens"),
        ("scale",),
        (("q", 3), ("k", 3), ("v", 3), ("state", 4), ("a", 2), ("b", 2), ("A_log", 1), ("dt_bias", 1)),
    ),
    Signature(
        "gated-delta-decode",
        ("q", "k", "v", "state", "A_log", "a", "dt_bias", "b"),
        ("scale",),
        (("q", 4), ("k", 4), ("v", 4), ("state", 4), ("a", 3), ("b", 3), ("A_log", 1), ("dt_bias", 1)),
    ),
    Signature(
        "gated-delta-pool",
        ("q", "k", "v", "state", "state_indices", "A_log", "a", "dt_bias", "b"),
        ("scale",),
        (("q", 4), ("k", 4), ("v", 4), ("state", 4), ("state_indices", 1), ("a", 3), ("b", 3), ("A_log", 1), ("dt_bias", 1)),
    ),
    Signature(
        "channel-gates",
        ("q", "k", "v", "g", "b", "cu_seqlens"),
        ("state", "scale"),
        (("q", 3), ("k", 3), ("v", 3), ("g", 3), ("b", 2)),
    ),
    Signature("merge-two", ("v_a", "s_a", "v_b", "s_b"), (), (("v_a", 3), ("s_a", 2), ("v_b", 3), ("s_b", 2))),
    Signature("merge-into", ("v", "s", "v_other", "s_other"), ("mask",), (("v", 3), ("s", 2), ("v_other", 3), ("s_other", 2))),
    Signature("merge", ("v", "s"), (), (("v", 4), ("s", 3))),
    Signature("single-prefill", ("q", "k", "v"), (*_CALL, "causal"), (("q", 3), ("k", 3), ("v", 3))),
    Signature("single-decode", ("q", "k", "v"), _CALL, (("q", 2), ("k", 3), ("v", 3))),
)
