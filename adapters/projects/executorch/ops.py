"""ExecuTorch's custom operators for language models (https://github.com/pytorch/executorch, BSD-3-Clause), called from PyTorch.

https://github.com/pytorch/executorch/tree/main/extension/llm/custom_ops
custom_sdpa takes q [b, m, hk*g, d] and caches [b, n, hk, d] whose last m tokens are those of the
queries (start_pos = n - m); attn_mask [m, n] is added in float32. The decay of gated_delta_rule is
between 0 and 1, and its keys have one head for one or more heads of queries.
"""

from __future__ import annotations

from typing import Any, Mapping, Optional

import torch
from attn_cts import kernel
from executorch.extension.llm.custom_ops import custom_ops  # noqa: F401
from versions import version_of

Tensor = torch.Tensor
Mask = Optional[torch.Tensor]

torch.set_num_threads(min(2, torch.get_num_threads()))

COMMON: Mapping[str, Any] = {"version": version_of("executorch"), "framework": "torch", "device": "cpu", "dtypes": ["f32"]}


@kernel(
    id="executorch-sdpa",
    title="ExecuTorch llama::custom_sdpa",
    layout="blhd",
    masks={"causal": {"is_causal": True}},
    dense_mask="boolean",
    dense_mask_shapes=["1 1 m n"],
    # the queries are the last tokens of the cache, whose keys and values have one size
    excludes=[{"where": ["<", "n", "m"]}],
    e="=d",
    numeric={"accumulate": "f32"},
    dialect={"emptyOutput": "nan", "maskedNaN": "leaks"},
    speed="medium",
    **COMMON,
)
def sdpa(q: Tensor, k: Tensor, v: Tensor, mask: Mask = None, is_causal: bool = False, scale: Optional[float] = None) -> Tensor:
    start = k.size(1) - q.size(1)
    added = None if mask is None else torch.zeros(mask.shape[2:]).masked_fill(~mask[0, 0], -torch.inf)
    return torch.ops.llama.custom_sdpa(q, k, v, start, added, 0.0, is_causal, scale)


@kernel(id="executorch-gated-delta", title="ExecuTorch llama::gated_delta_rule", operators=["gated-delta"], outputs=["o", "state"], grouped=False, **COMMON)
def gated_delta(q: Tensor, k: Tensor, v: Tensor, gate: Tensor, beta: Tensor, initial: Mask = None, scale: Optional[float] = None):
    if initial is None:
        initial = q.new_zeros(*q.shape[:2], q.size(-1), v.size(-1))
    scale = q.size(-1) ** -0.5 if scale is None else scale
    return torch.ops.llama.gated_delta_rule(q * scale, k, v, gate.exp(), beta, initial)
