"""A reference, run in float64 with a running error analysis.

PyTorch traces the reference on tensors of their own dtypes (make_fx, a TorchDispatchMode), without
mutations and in the operations that have rules; the graph is then run on pairs of a value and an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Callable, Dict, List, Sequence, Set, Tuple

import torch
from torch._decomp import core_aten_decompositions, get_decompositions
from torch.fx import Interpreter, Node
from torch.fx.experimental.proxy_tensor import make_fx
from torch.utils._pytree import tree_flatten, tree_map

from .bounded import RULES, Arithmetic, Bounded, Call, Choice, bounded, plain
from .rules import choices

_KEPT = ("_softmax", "_log_softmax", "addmm", "baddbmm", "addmv", "gelu", "silu", "mish", "hardswish", "softplus", "var_mean", "elu", "leaky_relu",
         "logsumexp", "linalg_vector_norm", "hardsigmoid", "hardtanh", "embedding", "_safe_softmax", "rsub", "masked_fill", "addcmul", "stack", "tril", "triu",
         "_scaled_dot_product_flash_attention_for_cpu")  # fmt: skip
"""Operations that are analysed whole: their bound is tighter than that of their parts."""

_TAKEN_APART = ("native_layer_norm", "native_group_norm", "dist", "native_batch_norm", "_native_batch_norm_legit",
                "_native_batch_norm_legit_no_training", "_native_batch_norm_legit_functional", "_fused_rms_norm")  # fmt: skip


@dataclass
class Analysed:
    """Outputs of a reference, flat, and what the analysis used."""

    outputs: List[Any]
    """Bounded, Choice, or a tensor of integers or booleans."""
    dtypes: List[torch.dtype]
    operations: Set[str] = field(default_factory=set)
    without_rule: Set[str] = field(default_factory=set)


class WithoutRule(Exception):
    """Operations of a reference that have no rule."""

    def __init__(self, names: Set[str]):
        super().__init__(", ".join(sorted(names)))
        self.names = names


def analyse(function: Callable[..., Any], tensors: Sequence[torch.Tensor], arithmetic: Arithmetic) -> Analysed:
    """Values and errors of what function(*tensors) returns.

    Raises WithoutRule where an operation has no rule.
    """
    graph = _traced(function, tensors)
    found = Analysed([], [])
    for node in graph.graph.nodes:
        if node.op == "call_function" and _is_operation(node):
            (found.operations if _name(node) in RULES or not _has_numbers(node) else found.without_rule).add(_name(node))
    if found.without_rule:
        raise WithoutRule(found.without_rule)
    # `tensors` are the graph's inputs, in their order; what is left of each is its value in float64
    given = [bounded(x) if x.is_floating_point() else x for x in tensors]
    with torch.no_grad():
        outputs = _Analysis(graph, arithmetic).run(*given)
    is_one = lambda x: isinstance(x, (Bounded, Choice))  # noqa: E731
    found.outputs = [x for x in tree_flatten(outputs, is_leaf=is_one)[0] if x is not None]
    last = next(node for node in graph.graph.nodes if node.op == "output")
    found.dtypes = [_dtype(node) for node in tree_flatten(last.args[0])[0] if isinstance(node, Node)]
    return found


def _traced(function: Callable[..., Any], tensors: Sequence[torch.Tensor]) -> torch.fx.GraphModule:
    table = _decompositions()
    graph: Any = function
    with torch.no_grad(), torch.backends.mkldnn.flags(enabled=False):
        # the second time without the mutations that the decompositions brought
        for _ in range(2):
            functional = torch.func.functionalize(graph, remove="mutations_and_views")
            graph = make_fx(functional, decomposition_table=table, tracing_mode="real")(*tensors)
    graph.graph.eliminate_dead_code()
    graph.recompile()
    return graph


@lru_cache(maxsize=None)
def _decompositions() -> Dict[Any, Callable[..., Any]]:
    table = dict(core_aten_decompositions())
    table.update(get_decompositions([getattr(torch.ops.aten, name) for name in _TAKEN_APART if hasattr(torch.ops.aten, name)]))
    return {op: how for op, how in table.items() if _short(op) not in _KEPT}


def _short(op: Any) -> str:
    return op._schema.name.split("::")[-1]


def _is_operation(node: Node) -> bool:
    return isinstance(node.target, torch._ops.OpOverload)


def _name(node: Node) -> str:
    return _short(node.target)


def _outputs_of(node: Node) -> List[Any]:
    return [x for x in tree_flatten(node.meta.get("val", node.meta.get("tensor_meta")))[0] if hasattr(x, "dtype")]


def _dtype(node: Node) -> torch.dtype:
    found = _outputs_of(node)
    return found[0].dtype if found else torch.float32


def _has_numbers(node: Node) -> bool:
    """True if an operation gives or takes floating-point numbers: an operation of integers alone needs no rule."""
    parts = [*_outputs_of(node)]
    for given in node.all_input_nodes:
        parts += _outputs_of(given)
    return any(x.dtype.is_floating_point for x in parts)


class _Analysis(Interpreter):
    """Runs a graph on values with errors."""

    def __init__(self, graph: torch.fx.GraphModule, arithmetic: Arithmetic):
        super().__init__(graph)
        self.arithmetic = arithmetic
        self.dtype = torch.float32
        self.operation = ""
        self.of_integers = False

    def run_node(self, node: Node) -> Any:
        if node.op == "call_function" and _is_operation(node):
            self.dtype, self.operation, self.of_integers = _dtype(node), _name(node), not _has_numbers(node)
        return super().run_node(node)

    def get_attr(self, target: str, args: Tuple[Any, ...], kwargs: Any) -> Any:
        """A constant of the reference."""
        found = super().get_attr(target, args, kwargs)
        return bounded(found) if isinstance(found, torch.Tensor) and found.is_floating_point() else found

    def call_function(self, target: Any, args: Tuple[Any, ...], kwargs: Any) -> Any:
        if not isinstance(target, torch._ops.OpOverload):
            return super().call_function(target, args, kwargs)
        if self.of_integers and getattr(RULES.get(self.operation), "__module__", "") != choices.__name__:
            return _of_integers(target, args, kwargs)
        args, kwargs = tree_map(_widened, (args, kwargs), is_leaf=lambda x: isinstance(x, (Bounded, Choice)))
        return RULES[self.operation](Call(self.operation, target, self.dtype, self.arithmetic), *args, **kwargs)


def _widened(x: Any) -> Any:
    """The dtype float64 in place of another of numbers."""
    return torch.float64 if isinstance(x, torch.dtype) and x.is_floating_point else x


def _of_integers(target: Any, args: Any, kwargs: Any) -> Any:
    """An operation of integers: all of its results are unsure where one argument is."""
    is_choice = lambda x: isinstance(x, Choice)  # noqa: E731
    unsure = [x for x in tree_flatten((args, kwargs), is_leaf=is_choice)[0] if is_choice(x)]
    args, kwargs = tree_map(plain, (args, kwargs), is_leaf=is_choice)
    found = target(*args, **kwargs)
    if not any(bool(x.unsure.any()) for x in unsure):
        return found
    return tree_map(lambda x: Choice(x, torch.ones_like(x, dtype=torch.bool)) if isinstance(x, torch.Tensor) else x, found)
