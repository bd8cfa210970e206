"""Equinox's nn.MultiheadAttention (https://github.com/patrick-kidger/equinox, Apache-2.0), whose
projections are identities, so that it computes attention alone; compiled by XLA.

https://docs.kidger.site/equinox/api/nn/attention/
q [b, m, h, d], k [b, n, h, d], v [b, n, h, e] go in and come out as [l, h*d], one batch entry at a
time by jax.vmap. A mask is boolean, true keeps, [m, n] or [h, m, n].
"""

from __future__ import annotations

from typing import Optional

import equinox as eqx
import jax
import jax.numpy as jnp
from attn_cts import kernel
from versions import version_of
from xla import F32

Mask = Optional[jax.Array]


def module(heads: int, d: int, e: int) -> eqx.nn.MultiheadAttention:
    sizes = {"query_size": heads * d, "value_size": heads * e, "output_size": heads * e, "qk_size": d, "vo_size": e}
    made = eqx.nn.MultiheadAttention(heads, key_size=heads * d, **sizes, key=jax.random.PRNGKey(0))
    weights = lambda m: (m.query_proj.weight, m.key_proj.weight, m.value_proj.weight, m.output_proj.weight)
    narrow, wide = jnp.eye(heads * d), jnp.eye(heads * e)
    return eqx.tree_at(weights, made, (narrow, narrow, wide, wide))


@jax.jit
def compiled(q: jax.Array, k: jax.Array, v: jax.Array, mask: Mask) -> jax.Array:
    (b, m, h, d), (n, e) = q.shape, (k.shape[1], v.shape[-1])
    flat = [x.reshape(b, x.shape[1], -1) for x in (q, k, v)]
    if mask is None:
        o = jax.vmap(module(h, d, e))(*flat)
    else:
        o = jax.vmap(module(h, d, e))(*flat, jnp.broadcast_to(mask, (b, h, m, n)))
    return o.reshape(b, m, h, e)


@kernel(
    id="equinox",
    title="Equinox nn.MultiheadAttention",
    version=version_of("equinox"),
    framework="jax",
    layout="blhd",
    dense_mask="boolean",
    grouped=False,
    gradients=True,
    # the projections are matrices of (h*d)^2 elements
    hk={"max": 8},
    d={"max": 128},
    e={"max": 128},
    numeric={**F32, "prescaledQ": True},
    # hidden scores become the lowest number: where all are, the weights are equal
    dialect={"emptyOutput": "mean", "maskedNaN": "leaks"},
    speed="medium",
    compiles_per=["b", "hk", "m", "n", "d", "e"],
)
def attention(q: jax.Array, k: jax.Array, v: jax.Array, mask: Mask = None) -> jax.Array:
    return compiled(q, k, v, mask)
