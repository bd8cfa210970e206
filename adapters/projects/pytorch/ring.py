"""PyTorch's ring attention, forward and backward: torch.distributed.tensor.experimental._context_parallel, in PyTorch 2.6 `_attention`.

Keys and values are gathered at once ("allgather") or go round by all-to-all ("alltoall"); shards are contiguous, or, load-balanced, chunks r and
2P - 1 - r of 2P. What its dispatcher calls on CUDA is called as it is; on the CPU the same template is given the CPU's flash attention.
"""

from __future__ import annotations

from typing import Any, Optional, Tuple

import torch
import torch.distributed as dist
from attn_cts import Unsupported, add_area, scheme, uncounted, unshard
from torch.distributed.device_mesh import DeviceMesh, init_device_mesh
from torch_flash import FLASH_NUMERIC

try:
    import torch.distributed.tensor.experimental._context_parallel._attention as ring
    from torch.distributed.tensor.experimental._context_parallel._load_balancer import _HeadTailLoadBalancer
except ImportError:
    import torch.distributed.tensor.experimental._attention as ring

    _HeadTailLoadBalancer = None

Tensor = torch.Tensor

TOKENS = 2
"""The axis of the tokens in [b, h, m, d]."""

ON_CUDA = torch.cuda.is_available()
# its merger is out - sigmoid(block_lse - lse) * (out - block_out), which cancels
NUMERIC = {dtype: {**FLASH_NUMERIC[dtype], "merge": "difference"} for dtype in ("f32", "f16", "bf16")}

_meshes = {}


def mesh() -> DeviceMesh:
    if "mesh" not in _meshes:
        _meshes["mesh"] = init_device_mesh("cuda" if ON_CUDA else "cpu", (dist.get_world_size(),))
    return _meshes["mesh"]


def ranks() -> Any:
    """What the templates are given: the process group, or the mesh where balancing is no class of its own yet."""
    return mesh().get_group() if _HeadTailLoadBalancer else mesh()


def area(q: Tensor, k: Tensor, is_causal: bool) -> None:
    b, h, m, _ = q.shape
    n = k.shape[TOKENS]
    add_area(b * h * (m * (m + 1) // 2 if is_causal else m * n))


def cpu_forward(q: Tensor, k: Tensor, v: Tensor, is_causal: bool, **other: Any) -> Tuple[Tensor, Tensor]:
    area(q, k, is_causal)
    return torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(q, k, v, is_causal=is_causal, **other)


def cpu_backward(query: Tensor, key: Tensor, value: Tensor, **other: Any) -> Tuple[Tensor, Tensor, Tensor]:
    return torch.ops.aten._scaled_dot_product_flash_attention_for_cpu_backward(other.pop("grad_out"), query, key, value, **other)


def settle(method: str, balanced: bool, q: Tensor, k: Tensor) -> None:
    """Its options, which are global; and what its document needs, where it would compute on."""
    if q.shape[TOKENS] != k.shape[TOKENS]:
        raise Unsupported(f"queries lie with their tokens: m = n is needed, found m = {q.shape[TOKENS]}, n = {k.shape[TOKENS]}")
    ring.set_rotate_method(method)
    ring._cp_options.enable_load_balance = balanced


def sharded(x: Tensor) -> Tensor:
    """By its own load balancer. Raises Unsupported where that asserts that there is nothing to cut evenly."""
    tokens, size, balanced = x.shape[TOKENS], dist.get_world_size(), ring._cp_options.enable_load_balance
    chunks = size * (2 if balanced else 1)
    try:
        if _HeadTailLoadBalancer is None:
            return ring._context_parallel_buffers(mesh(), [x], [TOKENS])[0].contiguous()
        balancer = _HeadTailLoadBalancer(tokens, size, x.device) if balanced else None
        if balancer is None and tokens % chunks:
            # DTensor would pad the last shard; a ring of shards of different sizes is not what the template says
            raise AssertionError
        return ring._context_parallel_buffers(mesh(), [x], [TOKENS], balancer)[0].contiguous()
    except AssertionError as error:
        raise Unsupported(f"the number of tokens, {tokens}, is no multiple of {chunks}") from error


def whole(x: Tensor) -> Tensor:
    return unshard(x, TOKENS, zigzag=ring._cp_options.enable_load_balance)


def local_forward(q: Tensor, k: Tensor, v: Tensor, is_causal: bool, scale: Optional[float]) -> Tuple[Tensor, ...]:
    """Of this rank's tokens: o, lse and what the backward pass wants besides."""
    if ON_CUDA:
        return ring._scaled_dot_product_ring_flash_attention(mesh(), q, k, v, is_causal=is_causal, scale=scale)
    return ring._templated_ring_attention(ranks(), TOKENS, cpu_forward, q, k, v, is_causal=is_causal, scale=scale)


def local_backward(
    do: Tensor, q: Tensor, k: Tensor, v: Tensor, results: Tuple[Tensor, ...], is_causal: bool, scale: Optional[float]
) -> Tuple[Tensor, ...]:
    o, lse, *rest = results
    if ON_CUDA:
        cum_q, cum_k, max_q, max_k, seed, offset = rest[:6]
        given = (mesh(), do, q, k, v, o, lse, cum_q, cum_k, max_q, max_k, 0.0, is_causal, seed, offset)
        return ring._scaled_dot_product_ring_flash_attention_backward(*given, scale=scale)
    further = {"is_causal": is_causal, "dropout_p": 0.0, "scale": scale}
    return ring._templated_ring_attention_backward(
        ranks(), TOKENS, cpu_backward, grad_out=do, grad_out_name="grad_out", query=q, key=k, value=v, out=o, logsumexp=lse, **further
    )


def declared(name: str, method: str, balanced: bool) -> Any:
    def backward(q, k, v, do, is_causal: bool = False, scale: Optional[float] = None):
        """Whole dq, dk, dv."""
        settle(method, balanced, q, k)
        own = [sharded(x) for x in (q, k, v)]
        with uncounted():
            results = local_forward(*own, is_causal, scale)
        return tuple(whole(x) for x in local_backward(sharded(do), *own, results, is_causal, scale)[:3])

    @scheme(
        id=name,
        name=name,
        title=f"PyTorch ring attention, {method}{', load-balanced' if balanced else ''}",
        version=torch.__version__,
        worlds=[2, 4],
        spec=f"{name}.json",
        framework="torch",
        dtypes=["f16", "bf16"] if ON_CUDA else ["f32", "f16", "bf16"],
        masks={"causal": {"is_causal": True}} if balanced else {"full": {}, "causal": {"is_causal": True}},
        outputs=["o", "lse"],
        backward=backward,
        grouped=False,
        d={"multipleOf": 8, "max": 256} if ON_CUDA else None,
        e="=d",
        numeric=None if ON_CUDA else NUMERIC,
        dialect={"maskedNaN": "leaks"},
    )
    def attention(q: Tensor, k: Tensor, v: Tensor, is_causal: bool = False, scale: Optional[float] = None) -> Tuple[Tensor, Tensor]:
        """Whole o [b, h, m, d] and lse [b, h, m]."""
        settle(method, balanced, q, k)
        o, lse, *_ = local_forward(*(sharded(x) for x in (q, k, v)), is_causal, scale)
        return whole(o), whole(lse)

    return attention


allgather = declared("pytorch-ring-allgather", "allgather", False)
alltoall = declared("pytorch-ring-alltoall", "alltoall", False)
allgather_balanced = declared("pytorch-ring-allgather-balanced", "allgather", True)
alltoall_balanced = declared("pytorch-ring-alltoall-balanced", "alltoall", True)
