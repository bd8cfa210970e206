"""The mask of vLLM's block-sparse attention, as its helpers build it for Phi-3-small."""

from __future__ import annotations

import types

import torch
from glue_parts import LEAKS, attention
from published import Source

Tensor = torch.Tensor
vllm = Source("vllm")
FILE = "vllm-0.9.2/vllm/attention/ops/blocksparse_attention/utils.py"
_triton = types.SimpleNamespace(cdiv=lambda size, block: -(-size // block))
_step = {}
_mask = vllm.take(
    FILE,
    "get_sparse_attn_mask",
    triton=_triton,
    # the blocks' list for the kernel is not read, and the step between heads is given
    dense_to_crow_col=lambda blocks: None,
    get_head_sliding_step=lambda *heads: _step["now"],
).get_sparse_attn_mask.__wrapped__


@vllm.kernel("softmax", masks=["strided-blocks"], gradients=True, dialect=LEAKS)
def strided_blocks(q: Tensor, k: Tensor, v: Tensor, problem):
    """Cut from a sequence with blocks in front: `vertical` − 1, as the choice is one block earlier there, and more for early queries."""
    block, local, vertical, step = (int(problem.parameters[name]) for name in ("block", "local", "vertical", "step"))
    m, n = q.shape[2], k.shape[2]
    rounds = -(-max(0, m - n) // (vertical * block))
    first = (vertical * (rounds + 1) - 1) * block
    size = first + -(-n // block) * block
    _step["now"] = step
    more = dict(block_size=block, local_blocks=local, vert_stride=vertical, homo_head=False, return_dense=True)
    dense = _mask(q.shape[1], size, size, torch.float32, "cpu", **more)[2][:, first + n - m : first + n, first : first + n].bool()
    return attention(q, k, v, dense[None])
