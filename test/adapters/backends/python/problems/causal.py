"""A problem: causal attention of q, k and v."""

import torch


class Model(torch.nn.Module):
    def forward(self, q, k, v):
        return torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)


def get_inputs():
    return [torch.rand(1, 2, 8, 16) for _ in range(3)]
