"""Arguments of a judgement from the variables of Keras's tests."""

from typing import Any, Dict

import numpy as np


def arguments(out: Any, *inputs: Any, bias: Any = None, mask: Any = None, **given: Any) -> Dict[str, Any]:
    """The arguments of explain. Keras rounds inputs in float64 to the type that it computes in, which is the output's."""
    dtype = str(out.dtype).split(".")[-1]
    q, k, v = (np.asarray(one).astype(dtype) for one in inputs)
    added = {} if bias is None else {"bias": np.asarray(bias).astype(dtype)}
    return {"out": out, "q": q, "k": k, "v": v, "layout": "blhd", "attn_mask": mask, **added, **given}
