"""What all backends of Keras claim."""

from __future__ import annotations

from typing import Any, Mapping

from versions import version_of


def claims(backend: str, title: str, **others: Any) -> Mapping[str, Any]:
    common = {"version": version_of("keras"), "layout": "blhd", "speed": "medium"}
    masks = {"masks": {"causal": {"is_causal": True}}, "dense_mask": "boolean"}
    return {"id": f"keras-{backend}", "title": f"Keras ops.dot_product_attention on {title}", **common, **masks, **others}
