"""Reference of Mamba's step of decoding, which its Triton kernel is compared with."""

from __future__ import annotations

from typing import Optional

import torch
from glue_parts import shared
from published import Source

Tensor = torch.Tensor
mamba = Source("mamba-ssm").on_path()
_step = mamba.take(
    "mamba_ssm-2.3.2.post1/mamba_ssm/ops/triton/selective_state_update.py", "selective_state_update_ref"
).selective_state_update_ref


@mamba.kernel("mamba-2", outputs=["o", "state"])
def mamba_2(
    x: Tensor, dt: Tensor, a: Tensor, wt: Tensor, rd: Tensor, skip: Tensor, initial: Optional[Tensor] = None, z: Optional[Tensor] = None
):
    """One call for each token, on a state that the call changes: autograd cannot go through it."""
    (b, h, n, e), d = x.shape, wt.shape[-1]
    state = torch.zeros(b, h, e, d, dtype=x.dtype) if initial is None else initial
    rate, past = a[:, None, None].expand(h, e, d), skip[:, None].expand(h, e)
    rows = []
    for t in range(n):
        state = state.clone()
        step = dt[:, :, t, None].expand(b, h, e)
        rows.append(_step(state, x[:, :, t], step, rate, wt[:, :, t], rd[:, :, t], past, None if z is None else z[:, :, t]))
    return torch.stack(rows, 2), state


_minimal = mamba.take("mamba_ssm-2.3.2.post1/mamba_ssm/modules/ssd_minimal.py", "ssd_minimal_discrete", "segsum")


@mamba.kernel("mamba-2", outputs=["o", "state"], gradients=True)
def ssd(
    x: Tensor, dt: Tensor, a: Tensor, wt: Tensor, rd: Tensor, skip: Tensor, initial: Optional[Tensor] = None, z: Optional[Tensor] = None
):
    """Blocks of two tokens, or of one, on tokens that were multiplied with their steps; what goes past the state is added here."""
    h, n = x.shape[1:3]
    wt, rd = (shared(y, x) for y in (wt, rd))
    given = ((dt[..., None] * x), dt * a[:, None], wt, rd)
    y, state = _minimal.ssd_minimal_discrete(
        *(one.transpose(1, 2) for one in given), 2 - n % 2, None if initial is None else initial[:, None]
    )
    o = y.transpose(1, 2) + skip[:, None, None] * x
    return o if z is None else o * torch.nn.functional.silu(z), state
