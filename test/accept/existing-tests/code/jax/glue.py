"""Arguments of a judgement from the variables of JAX's tests."""

from typing import Any, Dict

import jax.numpy as jnp


def arguments(out: Any, q: Any, k: Any, v: Any, **given: Any) -> Dict[str, Any]:
    """The arguments of explain. Tensors are [batch, tokens, heads, size]; LSE comes and goes as [batch, tokens, heads]."""
    return {"out": out, "q": q, "k": k, "v": v, "layout": "blhd", **given}


def by_head(lse: Any) -> Any:
    """LSE, or its gradient, as [batch, heads, tokens]."""
    return jnp.swapaxes(lse, 1, 2)


def kept(mask: Any, causal: bool, lengths: Any, key_lengths: Any, tokens: int, keys: int) -> Dict[str, Any]:
    """Everything that hides keys but the window, as one mask. JAX gives the rows of padded queries the output 0."""
    if causal and mask is None and lengths is None:
        return {"is_causal": True}
    found = mask
    if causal:
        below = jnp.tril(jnp.ones((1, 1, tokens, keys), bool))
        found = below if found is None else below & found
    if lengths is None:
        return {"attn_mask": found}
    rows = jnp.arange(tokens)[None, None, :, None] < lengths[:, None, None, None]
    columns = jnp.arange(keys)[None, None, None, :] < key_lengths[:, None, None, None]
    inside = rows & columns
    return {"attn_mask": inside if found is None else inside & found, "dialect": {"emptyOutput": "zero"}}


def window(size: Any) -> Dict[str, Any]:
    """The window of JAX's local_window_size, whose first row is that of the first key."""
    return {} if size is None else {"mask": "sliding-window", "left": size[0], "right": size[1]}
