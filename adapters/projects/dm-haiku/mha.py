"""Haiku's MultiHeadAttention (https://github.com/google-deepmind/dm-haiku, Apache-2.0), whose
projections are identities, so that it computes attention alone; compiled by XLA.

https://dm-haiku.readthedocs.io/en/latest/api.html#attention
q [b, m, h, d], k [b, n, h, d], v [b, n, h, e] go in and come out as [b, l, h*d]. A mask is boolean,
true keeps, [b, 1|h, m, n]; what it hides becomes -1e30.
"""

from __future__ import annotations

from typing import Optional

import haiku as hk
import jax
import jax.numpy as jnp
from attn_cts import kernel
from versions import version_of
from xla import F32

Mask = Optional[jax.Array]


@jax.jit
def compiled(q: jax.Array, k: jax.Array, v: jax.Array, mask: Mask) -> jax.Array:
    (b, m, h, d), (n, e) = q.shape, (k.shape[1], v.shape[-1])

    def module(*given):
        made = hk.MultiHeadAttention(h, key_size=d, value_size=e, model_size=h * e, w_init=hk.initializers.Identity(), with_bias=False)
        return made(*given)

    if mask is not None:
        mask = jnp.broadcast_to(mask, (b, h, m, n))
    transformed = hk.without_apply_rng(hk.transform(module))
    flat = [x.reshape(b, x.shape[1], -1) for x in (q, k, v)]
    return transformed.apply(transformed.init(jax.random.PRNGKey(0), *flat, mask), *flat, mask).reshape(b, m, h, e)


@kernel(
    id="dm-haiku",
    title="Haiku MultiHeadAttention",
    version=version_of("dm-haiku"),
    framework="jax",
    layout="blhd",
    dense_mask="boolean",
    grouped=False,
    gradients=True,
    # the projections are matrices of (h*d)^2 elements
    hk={"max": 8},
    d={"max": 128},
    e={"max": 128},
    numeric=F32,
    # hidden scores become one number: where all are, the weights are equal
    dialect={"emptyOutput": "mean", "maskedNaN": "leaks"},
    speed="medium",
    compiles_per=["b", "hk", "m", "n", "d", "e"],
)
def attention(q: jax.Array, k: jax.Array, v: jax.Array, mask: Mask = None) -> jax.Array:
    return compiled(q, k, v, mask)
