"""fairseq2's NaiveSDPA and TorchSDPA (https://github.com/facebookresearch/fairseq2, MIT), with its attention biases.

https://facebookresearch.github.io/fairseq2/stable/reference/fairseq2.models.transformer.html
q [b, m, h, d], k [b, n, h, d], v [b, n, h, e]; causal is bottom-right, and a window counts the
query itself; packed documents are one batch entry with their lengths.
"""

from __future__ import annotations

from typing import Any, Mapping, Optional

import torch
from attn_cts import Problem, kernel
from fairseq2.models.transformer import AttentionBiasCache, CausalAttentionBias, ChunkedAttentionBias, IdentityBias
from fairseq2.models.transformer.sdpa.naive import NaiveSDPA
from fairseq2.models.transformer.sdpa.torch import TorchSDPA
from fairseq2.nn import BatchLayout
from torch_flash import FLASH_NUMERIC
from versions import version_of

Tensor = torch.Tensor

torch.set_num_threads(min(2, torch.get_num_threads()))


def bias_of(problem: Problem) -> Any:
    given = problem.parameters
    if problem.mask in ("full", "document"):
        return IdentityBias()
    if problem.mask == "chunk-causal":
        return ChunkedAttentionBias(given["chunk"])
    if problem.mask == "sliding-window":
        return CausalAttentionBias(attn_window_len=given["left"] + 1)
    return CausalAttentionBias()


def attend(kind: type, q: Tensor, k: Tensor, v: Tensor, problem: Problem, scale: Optional[float]) -> Tensor:
    sdpa = kind(bias_of(problem), scale=scale).eval()
    if "lengths" not in problem.parameters:
        layouts = [BatchLayout(x.shape[:2], None) for x in (q, k)]
        return sdpa(q, layouts[0], k, layouts[1], v, AttentionBiasCache())[0]
    # packed documents are tensors without a batch
    lengths = [length for length in problem.parameters["lengths"] if length]
    layout = BatchLayout(k.shape[1:2], lengths, packed=True)
    return sdpa(q[0], layout, k[0], layout, v[0], AttentionBiasCache())[0][None]


COMMON: Mapping[str, Any] = {
    "version": version_of("fairseq2"),
    "framework": "torch",
    "device": "cpu",
    "layout": "blhd",
    "dtypes": ["f32"],
    "masks": ["full", "causal", "sliding-window", "chunk-causal", "document", "document-causal"],
    # windows look back alone; chunks have as many queries as keys
    "excludes": [
        {"where": ["or", ["<", "left", 0], ["not", ["=", "right", 0]]]},
        {"mask": {"name": "chunk-causal"}, "where": ["not", ["=", "m", "n"]]},
    ],
    "grouped": False,
    "gradients": True,
    # packed documents are one entry
    "b": {"max": 1},
    "speed": "medium",
}


@kernel(
    id="fairseq2-naive",
    title="fairseq2 NaiveSDPA",
    numeric={"accumulate": "f32"},
    dialect={"emptyOutput": "nan", "maskedNaN": "leaks"},
    **COMMON,
)
def naive(q: Tensor, k: Tensor, v: Tensor, problem: Problem, scale: Optional[float] = None) -> Tensor:
    return attend(NaiveSDPA, q, k, v, problem, scale)


@kernel(
    id="fairseq2-torch",
    title="fairseq2 TorchSDPA",
    # FLASH_ATTENTION, or MATH where v has heads of another size
    numeric={**FLASH_NUMERIC["f32"], "prescaledQ": True},
    dialect={"maskedNaN": "leaks"},
    **COMMON,
)
def fused(q: Tensor, k: Tensor, v: Tensor, problem: Problem, scale: Optional[float] = None) -> Tensor:
    return attend(TorchSDPA, q, k, v, problem, scale)
