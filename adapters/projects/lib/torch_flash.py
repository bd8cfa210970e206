"""The numeric profile of PyTorch's flash attention on the CPU, for all that call it."""

from __future__ import annotations

# its vectorised exponential, exp_u20, is good to 20 ulp
# (aten/src/ATen/native/cpu/FlashAttentionKernel.cpp)
EXP = 20 * 2.0**-23
# that of halves is fexp_u20 in PyTorch 2.15, and exp_u20 in 2.6: with AVX-512 it has 2^frac from a
# cubic polynomial, whose largest relative error is 1.0652e-4 by its coefficients
# (aten/src/ATen/cpu/vec/vec512/vec512_float.h)
EXP_HALVES = 1.07e-4
# of halves, oneDNN gives every product (q·k, p·v, and the gradients of each block of queries) as
# halves; those of bfloat16 without subnormals
STORED = {"accumulate": "f32", "exp": EXP_HALVES, "scores": "storage", "partials": "storage"}
FLASH_NUMERIC = {
    # of doubles the vectorised exponential is the plain one
    "f64": {"accumulate": "f64"},
    "f32": {"accumulate": "f32", "exp": EXP},
    "f16": STORED,
    "bf16": {**STORED, "flushToZero": True},
}
