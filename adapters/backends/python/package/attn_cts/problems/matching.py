"""Whether a reference is an operator of the suite: then its outputs are judged by that operator's values and bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

import torch

from .. import testing
from .analysis import Analysed
from .bounded import Bounded
from .draws import Draw

Tensor = torch.Tensor


@dataclass
class Operator:
    """Softmax attention with these arguments of attn_cts.testing.explain."""

    title: str
    arguments: Dict[str, Any]

    def fault_of(self, draw: Draw, outputs: Sequence[Any]) -> Optional[str]:
        """What is wrong with an output, with the kernel that it matches; None where nothing is, or nothing can be said."""
        try:
            verdict = testing.explain(outputs[0], *draw.arguments[:3], **self.arguments)
        except ValueError:
            return None
        return str(verdict) if verdict.record["verdict"] == "fail" else None


def operator_of(draw: Draw, expected: Analysed) -> Optional[Operator]:
    """The one operator that gives what the reference gives of q, k and v; None where none or more than one does."""
    outputs = [x for x in expected.outputs if isinstance(x, Bounded)]
    tensors = [x for x in draw.arguments if isinstance(x, Tensor)]
    if len(outputs) != 1 or len(expected.outputs) != 1 or len(draw.arguments) != 3 or len(tensors) != 3 or draw.state:
        return None
    if any(x.dim() != 4 or not x.is_floating_point() or x.numel() > 1 << 22 for x in tensors):
        return None
    output = outputs[0].value.to(tensors[0].dtype)
    matching: List[Operator] = []
    for title, arguments in _candidates(tensors):
        try:
            if testing.explain(output, *tensors, **arguments).passed:
                matching.append(Operator(title, arguments))
        except ValueError:
            continue
    return matching[0] if len(matching) == 1 else None


def _candidates(tensors: Sequence[Tensor]) -> Iterator[Tuple[str, Dict[str, Any]]]:
    q, k, _ = tensors
    for layout in ("bhld", "blhd"):
        heads = 1 if layout == "bhld" else 2
        if k.shape[heads] == 0 or q.shape[heads] % k.shape[heads]:
            continue
        gqa = {"enable_gqa": True} if q.shape[heads] != k.shape[heads] else {}
        for causal in (False, True):
            yield f"softmax attention, {'causal, ' if causal else ''}{layout}", {"layout": layout, "is_causal": causal, **gqa}
