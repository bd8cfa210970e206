"""What the projects that run on XLA share: numerics of its CPU, and rows without keys."""

from __future__ import annotations

from typing import Optional

import jax
import jax.numpy as jnp

# XLA sets the CPU's modes that flush subnormal numbers
F32 = {"accumulate": "f32", "flushToZero": True}
STORED = {**F32, "probabilities": "storage", "scoreGradients": "storage"}


def of_rows_with_keys(o: jax.Array, mask: Optional[jax.Array]) -> jax.Array:
    """o [b, m, h, e] without gradients where no key is seen: it is the mean there, and the suite has none for it. mask [b|1, h|1, m, n] is boolean."""
    if mask is None:
        return o
    sees = jnp.swapaxes(mask.any(-1), 1, 2)[..., None]
    return jnp.where(sees, o, jax.lax.stop_gradient(o))
