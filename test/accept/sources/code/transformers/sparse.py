"""Attention of models on chosen keys, landmarks and points."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any, Optional

import torch
from glue_parts import Torch, heads_last, shared
from layers import (
    DENSE,
    WIDE,
    Option,
    Tensor,
    added,
    around,
    cached,
    gives,
    heads,
    hidden,
    modeling,
    same,
    seeing,
    tokens,
    transformers,
    unrotated,
)


class Watched(Torch):
    """The module torch with a matmul that keeps its last result: the code's indexer returns no scores."""

    last: Optional[Tensor] = None

    def matmul(self, *factors: Tensor) -> Tensor:
        self.last = torch.matmul(*factors)
        return self.last


_watched = Watched()
_v32 = modeling("deepseek_v32", "rotate_half", "apply_rotary_pos_emb", "DeepseekV32Indexer", torch=_watched)


@transformers.kernel("lightning-indexer", outputs=["o", "chosen"], dense_mask="boolean", dialect={"maskedNaN": "leaks"})
def lightning_indexer(q: Tensor, k: Tensor, w: Tensor, top: int = 2, mask: Optional[Tensor] = None):
    b, m, t, d = q.shape
    seen = torch.ones(b, m, k.shape[1], dtype=torch.bool) if mask is None else mask.expand(b, 1, m, -1)[:, 0]
    sizes = dict(n_heads=t, head_dim=d, qk_rope_head_dim=0, index_topk=top, softmax_scale=1.0, layer_idx=0)
    layer = SimpleNamespace(**sizes, wq_b=gives(q.flatten(2)), wk=gives(k[:, :1].expand(-1, m, -1)), k_norm=same)
    layer.weights_proj = lambda x: w * t**0.5
    layer.weights_proj.weight = w
    cache, nothing = SimpleNamespace(update_indexer=gives(k)), torch.zeros(b, m, 0)
    at = _v32.DeepseekV32Indexer.forward(layer, torch.zeros(b, m, 1), None, (nothing, nothing), seen, None, cache)
    at = torch.where(seen.gather(-1, at.long()), at, -1)
    return _watched.last.squeeze(-2).masked_fill(~seen, 0), torch.nn.functional.pad(at, (0, top - at.shape[-1]), value=-1)


_detr = modeling(
    "deformable_detr", "MultiScaleDeformableAttention", "DeformableDetrMultiscaleDeformableAttention", torch_compilable_check=same
)


@transformers.kernel("deformable", gradients=True)
def deformable(v: Tensor, reference: Tensor, offset: Tensor, logits: Tensor):
    b, h, y, x, e = v.shape
    m, p = logits.shape[2:]
    sizes = dict(n_heads=h, n_levels=1, n_points=p, d_model=h * e, im2col_step=64, value_proj=same, output_proj=same)
    layer = SimpleNamespace(**sizes, sampling_offsets=gives(heads_last(offset).flip(-1)), attention_weights=gives(heads_last(logits)))
    layer.attn = lambda *given: _detr.MultiScaleDeformableAttention.forward(None, *given)
    run = _detr.DeformableDetrMultiscaleDeformableAttention.forward
    cells, points = v.permute(0, 2, 3, 1, 4).reshape(b, y * x, h * e), reference.flip(-1)[:, :, None]
    shapes = dict(spatial_shapes=torch.tensor([[y, x]]), spatial_shapes_list=[(y, x)])
    return heads(run(layer, torch.zeros(b, m, 1), encoder_hidden_states=cells, reference_points=points, **shapes)[0], h)


_nystrom = modeling("nystromformer", "NystromformerSelfAttention")


def landmarked(q: Tensor, k: Tensor, v: Tensor, landmarks: int, steps: int) -> Tensor:
    """The layer of Nyströmformer without its convolution, which divides scores by √d."""
    h, n, d = q.shape[1:]
    sizes = dict(num_attention_heads=h, attention_head_size=d, all_head_size=h * d, num_landmarks=landmarks, seq_len=n)
    layer = SimpleNamespace(**sizes, conv_kernel_size=None, init_option="original", query=gives(tokens(q)))
    layer.key, layer.value = gives(tokens(shared(k, q))), gives(tokens(shared(v, q)))
    layer.iterative_inv = lambda x: _nystrom.NystromformerSelfAttention.iterative_inv(layer, x, n_iter=steps)
    return heads(_nystrom.NystromformerSelfAttention.forward(layer, hidden(q))[0], h)


# in float32 the inverse leaves little that could be told right from wrong
LANDMARKS = dict(dtypes=["f64"], n={"multipleOf": 12}, e="=d")


@transformers.kernel("nystrom", options=["landmarks", "steps", "scale"], gradients=True, **LANDMARKS)
def nystrom(q: Tensor, k: Tensor, v: Tensor, landmarks: int = 4, steps: int = 6, scale: Option = None):
    return landmarked(q if scale is None else q * (scale * q.shape[-1] ** 0.5), k, v, landmarks, steps)


class Sampled(Torch):
    """The module torch with a randint that gives the sample of the case."""

    sample: Optional[Tensor] = None

    def randint(self, *others: Any) -> Tensor:
        return self.sample


_sampled = Sampled()
_informer = modeling(
    "informer", "InformerProbSparseAttention", torch=_sampled, math=SimpleNamespace(ceil=lambda x: 1, log1p=math.log1p)
)


@transformers.kernel("prob-sparse", e="=d", options=["scale", "top"])
def prob_sparse(q: Tensor, k: Tensor, v: Tensor, at: Tensor, scale: Option = None, top: int = 2):
    # with a logarithm of 1, the layer's factor is the number of queries
    _sampled.sample = at[0].long()
    h, d = q.shape[1], q.shape[-1]
    sizes = dict(num_heads=h, head_dim=d, embed_dim=h * d, factor=top, scaling=d**-0.5 if scale is None else scale)
    layer = SimpleNamespace(**sizes, is_decoder=False, dropout=0.0, training=False, layer_idx=0, out_proj=same, q_proj=gives(tokens(q)))
    layer.k_proj, layer.v_proj = gives(tokens(shared(k, q))), gives(tokens(shared(v, q)))
    layer._shape = _informer.InformerProbSparseAttention._shape.__get__(layer)
    return heads(_informer.InformerProbSparseAttention.forward(layer, hidden(q), torch.zeros(len(k), k.shape[2], 1))[0], h)


_doge = modeling("doge", "rotate_half", "apply_rotary_pos_emb", "repeat_kv", "eager_attention_forward", "DogeAttention", BlockMask=())


@transformers.kernel("dma", dense_mask_shapes=["b 1 m n", "1 1 m n"], gradients=True, **DENSE)
def dma(
    q: Tensor, k: Tensor, v: Tensor, a: Tensor, wdt: Tensor, scale: Option = None, top: int = 2048, mask: Optional[Tensor] = None
):
    layer = around(q, k, scale, A=a, keep_window_size=top, dt_proj=lambda x: x @ wdt.flatten(0, 1))
    layer.prepare_dynamic_mask = _doge.DogeAttention.prepare_dynamic_mask.__get__(layer)
    o = _doge.DogeAttention.forward(layer, hidden(q), unrotated(q), added(mask), cached(k, v))[0]
    return seeing(heads(o, q.shape[1]), mask)


_m3 = modeling("minimax_m3_vl", "repeat_kv", "eager_attention_forward", "MiniMaxM3VLIndexer")


@transformers.kernel("block-lists", options=["scale", "block"], gradients=True, **WIDE)
def block_lists(q: Tensor, k: Tensor, v: Tensor, at: Tensor, scale: Option = None, block: int = 4, mask: Optional[Tensor] = None):
    seen = torch.ones(1, 1, q.shape[2], k.shape[2], dtype=torch.bool) if mask is None else mask
    layer = around(q, k, scale, block_size=block, config=SimpleNamespace(num_attention_heads=q.shape[1]))
    hide = _m3.MiniMaxM3VLIndexer.build_block_mask(layer, at.long().masked_fill(at >= -(-k.shape[2] // int(block)), -1), seen, k.shape[2], q.dtype, q.device, None)
    return seeing(heads_last(_m3.eager_attention_forward(layer, q, k, v, hide, layer.scaling)[0]), hide == 0)
