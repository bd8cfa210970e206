"""The kernels of this folder as one: it calls the function that has the case's operator."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import torch
from attn_cts import Kernel, kernel

FILES = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path != Path(__file__))
# a function whose claims do not fit it has an error in their place
CLAIMS = [found.attn_cts for file in FILES for found in vars(importlib.import_module(file)).values() if isinstance(getattr(found, "attn_cts", None), Kernel)]
BY_OPERATOR = {name: claims for claims in CLAIMS for name in claims.capabilities["operators"]}


def arguments(claims, required):
    """Names, as documents have them, of the tensors and options that a function needs, or of those that it has defaults for."""
    ours = {own: name for name, own in claims.names.items()}
    parameters = inspect.signature(claims.function).parameters.values()
    return [ours.get(p.name, p.name) for p in parameters if (p.default is p.empty) == required and p.name not in ("mask", "causal", "problem")]


def every(names):
    return list(dict.fromkeys(name for claims in CLAIMS for name in names(claims)))


CHOICES = every(lambda claims: arguments(claims, False))
HALVES = (torch.float16, torch.bfloat16)


@kernel(
    id="pytorch-operators",
    title="PyTorch, from the formulas of the operators",
    version=torch.__version__,
    operators=list(BY_OPERATOR),
    dtypes=["f32", "f64", "f16", "bf16"],
    masks={"causal": {"causal": True}},
    options=CHOICES,
    names={name: name for name in ("mask", *CHOICES)},
    outputs=every(lambda claims: claims.outputs),
    gradients=every(lambda claims: arguments(claims, True) if claims.every_gradient else claims.gradients),
    strided=True,
    dialect={"maskedNaN": "leaks"},
)
def operators(*places, problem, **given):
    """Halves are computed in float32, and o is rounded to theirs."""
    claims = BY_OPERATOR[problem.case["operator"]]
    given.update(zip("qkv", places))
    wide = {name: x.float() if getattr(x, "dtype", None) in HALVES else x for name, x in given.items()}
    if "problem" in inspect.signature(claims.function).parameters:
        wide["problem"] = problem
    results = claims.function(**{claims.names.get(name, name): x for name, x in wide.items()})
    o, *others = results if isinstance(results, tuple) else (results,)
    # codes are given as they are, and what comes as a half beside wider tensors says nothing of o
    narrow = {"f16": torch.float16, "bf16": torch.bfloat16}.get(problem.case["dtype"], o.dtype) if o.is_floating_point() else o.dtype
    return dict(zip(claims.outputs, (o.to(narrow), *others)))
