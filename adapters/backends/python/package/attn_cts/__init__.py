"""attention-cts: hold an attention kernel to its specification.

    from attn_cts import kernel, judge

    @kernel(masks={"causal": {"causal": True}})
    def my_attention(q, k, v, causal=False, scale=None): ...

    verdict = judge(my_attention, profile="core", runs=20)
    verdict["verdict"], verdict["causes"]

The decorators and the protocol are those of the harness (help(attn_cts.harness)); `judge`, `expected` and `values` start the suite, which is in this package and runs on
Node.js: see `attn_cts.node`.
"""

from .harness import *  # noqa: F403
from .harness import __all__ as _of_kernels
from .expected import Expected, expected
from .judge import judge
from .values import values
from .watch import Watched, watch

__all__ = [*_of_kernels, "judge", "expected", "Expected", "values", "watch", "Watched"]
