"""Numerics of XLA's CPU, which the projects that run on it share."""

from __future__ import annotations

# XLA sets the CPU's modes that flush subnormal numbers
F32 = {"accumulate": "f32", "flushToZero": True}
STORED = {**F32, "probabilities": "storage", "scoreGradients": "storage"}
