"""Plugin of pytest with a fault: the SDPA that the model calls drops the last key."""

import torch

right = torch.nn.functional.scaled_dot_product_attention


def scaled_dot_product_attention(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False):
    mask = None if attn_mask is None else attn_mask[..., :-1]
    return right(query, key[..., :-1, :], value[..., :-1, :], mask, dropout_p, is_causal, scale=scale, enable_gqa=enable_gqa)


torch.nn.functional.scaled_dot_product_attention = scaled_dot_product_attention
