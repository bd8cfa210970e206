"""Mixers of pixels, and what reads points of a map."""

from __future__ import annotations

import torch
from attn_cts import kernel
from lib import CLAIMS
from torch.nn.functional import conv2d, gelu, leaky_relu


def along(pixels, kernel, bias=None, groups=1):
    """Convolution of pixels [b, y, x, c] with taps [t, u, a, c], beyond which are zeros."""
    edges = [size // 2 for size in kernel.shape[:2]]
    return conv2d(pixels.movedim(-1, 1), kernel.permute(3, 2, 0, 1), bias, padding=edges, groups=groups).movedim(1, -1)


@kernel(operators=["ffnified"], **CLAIMS)
def ffnified(tokens, w, mean, variance, gain, shift, w1, b1, w2, b2, eps=1e-5):
    z = gain * (tokens @ w - mean) * torch.rsqrt(variance + eps) + shift
    channels = z.shape[-1]
    h = along(z, w1[:, :, None], b1, channels)
    return along(gelu(h), w2[:, :, None], b2, channels)


@kernel(operators=["attention-in-attention"], **CLAIMS)
def attention_in_attention(pixels, first, k1, k2, b2, k3, k4, k5, u1, u2, last, temperature=30.0):
    z = leaky_relu(pixels @ first, 0.2)
    gates = torch.sigmoid(leaky_relu(along(z, k1), 0.2) @ k2 + b2)
    branches = torch.stack((along(along(z, k3) * gates, k4), along(z, k5)), -1)
    weights = torch.softmax(torch.relu(z.mean((1, 2)) @ u1) @ u2 / temperature, -1)
    both = (branches * weights[:, None, None, None]).sum(-1)
    return leaky_relu(both, 0.2) @ last + pixels


@kernel(operators=["deformable"], **CLAIMS)
def deformable(v, reference, offset, logits):
    """The four cells around each point, one corner after the other."""
    rows, columns = v.shape[2:4]
    size = torch.tensor([rows, columns], dtype=reference.dtype, device=reference.device)
    place = reference[:, None, :, None] * size + offset - 0.5
    first = place.detach().floor()
    points = 0
    for corner in ((0, 0), (0, 1), (1, 0), (1, 1)):
        cell = first + torch.tensor(corner, dtype=first.dtype, device=first.device)
        share = (1 - (place - cell).abs()).prod(-1)
        inside = ((cell >= 0) & (cell < size)).all(-1)
        row, column = cell.clamp(min=0).minimum(size - 1).long().unbind(-1)
        at = (row * columns + column).flatten(2)[..., None].expand(-1, -1, -1, v.shape[-1])
        found = v.flatten(2, 3).gather(2, at).unflatten(2, row.shape[2:])
        points = points + (share * inside)[..., None] * found
    return (torch.softmax(logits, -1)[..., None] * points).sum(3)
