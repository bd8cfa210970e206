"""What a team writes without a conformance suite: Hypothesis draws shapes, PyTorch computes in float64, allclose decides.

Prints how many cases a CPU second takes, forward and with gradients, without the start-up of Python and PyTorch.
"""

import sys
import time

import torch
import torch.nn.functional as F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

torch.set_num_threads(1)
torch.set_num_interop_threads(1)
cases = int(sys.argv[1])

shapes = st.fixed_dictionaries(
    {
        "b": st.integers(1, 2),
        "hk": st.integers(1, 2),
        "g": st.integers(1, 2),
        "m": st.integers(1, 64),
        "n": st.integers(1, 64),
        "d": st.integers(1, 32),
        "e": st.integers(1, 32),
        "causal": st.booleans(),
        "seed": st.integers(0, 2**31 - 1),
    }
)


def inputs(c):
    torch.manual_seed(c["seed"])
    b, hk, g, m, n, d, e = (c[axis] for axis in ("b", "hk", "g", "m", "n", "d", "e"))
    q = torch.randn(b, hk * g, m, d)
    k = torch.randn(b, hk, n, d).repeat_interleave(g, 1)
    v = torch.randn(b, hk, n, e).repeat_interleave(g, 1)
    # a row that sees no key has no softmax: causal from the first key on
    mask = torch.ones(m, n, dtype=torch.bool).tril() if c["causal"] else None
    return q, k, v, mask


def reference(q, k, v, mask):
    q, k, v = q.double(), k.double(), v.double()
    s = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5
    if mask is not None:
        s = s.masked_fill(~mask, float("-inf"))
    return s.softmax(-1) @ v


def forward(c):
    q, k, v, mask = inputs(c)
    o = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    assert torch.allclose(o.double(), reference(q, k, v, mask), 1e-3, 1e-5)


def gradients(c):
    q, k, v, mask = inputs(c)
    cotangent = torch.randn(*q.shape[:-1], v.shape[-1])
    both = []
    for kernel, dtype in (
        (lambda q, k, v: F.scaled_dot_product_attention(q, k, v, attn_mask=mask), torch.float32),
        (lambda q, k, v: reference(q, k, v, mask), torch.float64),
    ):
        tensors = [t.to(dtype).requires_grad_() for t in (q, k, v)]
        both.append(torch.autograd.grad(kernel(*tensors), tensors, cotangent.to(dtype)))
    for own, exact in zip(*both):
        assert torch.allclose(own.double(), exact, 1e-3, 1e-5)


def rate(check, count):
    run = settings(max_examples=count, database=None, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))(given(shapes)(check))
    begun = time.process_time()
    run()
    return count / (time.process_time() - begun)


for check in (forward, gradients):
    rate(check, 50)
    print(check.__name__, round(rate(check, cases)))
