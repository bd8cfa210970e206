"""FlashInfer's block-sparse attention, blocks of even and of uneven sizes.

https://docs.flashinfer.ai/api/sparse.html, VariableBlockSparseAttentionWrapper: q [hk*g, m, d], k and v [hk, n, d] in float16 or bfloat16 on
CUDA; a boolean map of blocks [hk, M, N] with the sizes of its rows [hk, M] and columns [hk, N].
"""

from __future__ import annotations

from typing import Any, Mapping, Optional

import flashinfer
import torch
from attn_cts import Problem, kernel

WORKSPACE = 128 * 1024 * 1024
"""Bytes that the wrapper works in."""


def blocks(problem: Problem) -> Mapping[str, Any]:
    """The table of blocks, and their sizes by their edges."""
    n, table = problem.dims["n"], problem.tensors["blocks"]
    seen = table.reshape(table.shape[-2:]).bool()
    edges = problem.tensors.get("blockEdges")
    if edges is None:
        edges = torch.arange(seen.size(-1) + 1, device=seen.device) * problem.parameters["block"]
    return {"seen": seen, "sizes": edges.flatten().clamp(max=n).diff().int()}


@kernel(
    id="flashinfer-block-sparse",
    title="FlashInfer block-sparse",
    version=flashinfer.__version__,
    framework="torch",
    device="cuda",
    dtypes=["f16", "bf16"],
    b=1,
    d=[64, 128, 256],
    e="=d",
    masks={"block-sparse": blocks, "variable-block-sparse": blocks},
)
def attention(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    scale: Optional[float] = None,
    seen: Optional[torch.Tensor] = None,
    sizes: Optional[torch.Tensor] = None,
) -> torch.Tensor:
    """o [1, hk*g, m, d]. Without a mask all is one block."""
    _, heads, n, d = k.shape
    if seen is None or sizes is None:
        seen, rows, sizes = torch.ones(1, 1, dtype=torch.bool), torch.tensor([q.size(2)]), torch.tensor([n])
    else:
        rows = sizes
    wrapper = flashinfer.sparse.VariableBlockSparseAttentionWrapper(torch.empty(WORKSPACE, dtype=torch.uint8, device=q.device))
    wrapper.plan(
        block_mask_map=seen.expand(heads, -1, -1).contiguous(),
        block_row_sz=rows.int().expand(heads, -1).contiguous(),
        block_col_sz=sizes.int().expand(heads, -1).contiguous(),
        num_qo_heads=q.size(1),
        num_kv_heads=heads,
        head_dim=d,
        sm_scale=scale,
        q_data_type=q.dtype,
    )
    return wrapper.run(q[0].contiguous(), k[0].contiguous(), v[0].contiguous())[None]
