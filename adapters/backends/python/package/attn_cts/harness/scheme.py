"""@scheme: attention on the ranks of a job, and how its tensors are shared out."""

from __future__ import annotations

import functools
import inspect
import os
from dataclasses import replace
from typing import Any, Callable, Dict, Optional, Sequence, Union

from .base import KernelError, Tensor, Unsupported, _nearest, _own_files
from .claims import Kernel
from .checker import _Checker
from .decorator import _with_claims, kernel
from .counts import uncounted
from .shards import CUTS, Cut

_own_files.add(__file__)


def scheme(
    function: Optional[Callable] = None,
    *,
    name: Optional[str] = None,
    worlds: Sequence[int] = (1, 2, 4),
    spec: Optional[str] = None,
    shards: Union[None, str, Cut] = None,
    **claims: Any,
) -> Callable:
    """Says that a function computes attention on several ranks.

    With shards= it is called on every rank with that rank's tokens, and returns its outputs for these; so does `backward` with gradients, and autograd is run on each rank
    for itself. Without, it is called on every rank with whole tensors, shards them with `shard`, and returns whole outputs on every rank, with `unshard`. Gradients then
    come from autograd (those of the ranks are summed), or from `backward`, which returns whole ones too. It refuses with `Unsupported`, on every rank, what it cannot
    compute.
    name: of the scheme; by default the function's.
    worlds: numbers of ranks that it runs on.
    spec: the scheme's document, a file beside the function's: what it needs and sends is then judged too.
    shards: which tokens each rank has: "contiguous", "zigzag" (chunks r and 2P - 1 - r of 2P), "striped" (every P-th), or a function of a problem, an axis ("m", the
        queries, or "n", the keys), a rank and the number of ranks, which returns a list of ranges. q, o and lse are cut along m, k and v along n, a dense mask and bias
        along m; what has neither axis, and tables of masks, are whole on every rank. Each rank's outputs are judged from its own file: nothing is gathered.
    claims: as of `kernel`.

    Raises KernelError where this does not fit the function.
    """
    if function is None:
        return functools.partial(scheme, name=name, worlds=worlds, spec=spec, shards=shards, **claims)
    kernel(function, **claims)
    plain = function.attn_cts
    if isinstance(plain, KernelError):
        return function
    return _with_claims(function, lambda: _scheme_claims(function, plain, name, worlds, spec, shards))


def _scheme_claims(
    function: Callable, plain: Kernel, name: Optional[str], worlds: Sequence[int], spec: Optional[str], shards: Union[None, str, Cut]
) -> Kernel:
    check = _Checker(function)
    if not (shards is None or callable(shards) or shards in CUTS):
        check.fail("shards", f"found {shards!r}, must be one of {', '.join(CUTS)}, or a function that returns ranges{_nearest(str(shards), list(CUTS))}")
    if shards is not None and plain.framework != "torch":
        check.fail("shards", f"{plain.framework} has all ranks in one process: shards= needs torch.distributed")
    if not worlds or any(type(world) is not int or world < 1 for world in worlds):
        check.fail("worlds", f"found {worlds!r}, must be a list of numbers of ranks, such as [1, 2, 4]")
    entry: Dict[str, Any] = {"worlds": list(worlds)}
    if spec is not None:
        entry["spec"] = os.path.join(os.path.dirname(os.path.abspath(inspect.unwrap(function).__code__.co_filename)), spec)
        if not os.path.isfile(entry["spec"]):
            check.fail("spec", f"no such file: {entry['spec']}")
    named = name or plain.name.lower().replace("_", "-")
    capabilities = {**plain.capabilities, "schemes": {named: entry}}
    capabilities["commands"] = [command for command in plain.capabilities["commands"] if command != "time"]
    return replace(plain, capabilities=capabilities, worlds=tuple(worlds), shards=CUTS.get(shards) if isinstance(shards, str) else shards)


def shard(x: Tensor, dim: int = 2, zigzag: bool = False) -> Tensor:
    """This rank's tokens of a whole tensor: contiguous, or with zigzag chunks r and 2P - 1 - r of 2P. Raises Unsupported where they cannot be cut evenly."""
    import torch
    import torch.distributed as dist

    rank, ranks = dist.get_rank(), dist.get_world_size()
    chunks = 2 * ranks if zigzag else ranks
    if x.shape[dim] % chunks != 0:
        raise Unsupported(f"the number of tokens, {x.shape[dim]}, is no multiple of {chunks}")
    parts = x.chunk(chunks, dim)
    return torch.cat([parts[rank], parts[chunks - 1 - rank]], dim) if zigzag else parts[rank].contiguous()


def unshard(x: Tensor, dim: int = 2, zigzag: bool = False) -> Tensor:
    """The whole tensor of which every rank has the tokens that `shard` gave it; not counted. The gradient of its own tokens comes back to a rank."""
    import torch
    import torch.distributed as dist

    rank, ranks = dist.get_rank(), dist.get_world_size()
    parts = [torch.empty_like(x, memory_format=torch.contiguous_format) for _ in range(ranks)]
    with uncounted():
        dist.all_gather(parts, x.detach().contiguous())
    # autograd keeps the own part
    parts[rank] = x
    if not zigzag:
        return torch.cat(parts, dim)
    halves = [part.chunk(2, dim) for part in parts]
    return torch.cat([*(first for first, _ in halves), *(second for _, second in reversed(halves))], dim)
