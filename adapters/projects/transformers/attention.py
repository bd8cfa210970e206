"""transformers' attention functions, each with the masks that its own builders make for it.

https://huggingface.co/docs/transformers/attention_interface
q [b, hk*g, m, d], k [b, hk, n, d], v [b, hk, n, e]; what they return is [b, m, hk*g, e]. A mask is
a boolean tensor for sdpa, and one that is added for eager.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Callable, Mapping, Optional

import torch
from attn_cts import Problem, kernel
from torch_flash import FLASH_NUMERIC
from transformers import masking_utils as builders
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.models.gemma2.modeling_gemma2 import eager_attention_forward as gemma2_forward
from transformers.models.gpt_oss.modeling_gpt_oss import eager_attention_forward as gpt_oss_forward
from transformers.models.llama.modeling_llama import eager_attention_forward
from versions import version_of

Tensor = torch.Tensor

torch.set_num_threads(min(2, torch.get_num_threads()))


def window(left: int, right: int) -> Callable[..., Tensor]:
    return lambda b, h, i, j: ((left == -1) | (j >= i - left)) & ((right == -1) | (j <= i + right))


def built(problem: Problem, q: Tensor, k: Tensor, implementation: str) -> Any:
    """The case's named mask, as the builders make it for this implementation."""
    config, parameters = SimpleNamespace(_attn_implementation=implementation), problem.parameters
    given = {"config": config, "inputs_embeds": q[:, 0].detach(), "attention_mask": None}
    cached = {**given, "cache": None}
    if problem.mask == "causal":
        return builders.create_causal_mask(**cached)
    if problem.mask == "chunk-causal":
        config.attention_chunk_size = parameters["chunk"]
        return builders.create_chunked_causal_mask(**cached)
    if problem.mask == "sliding-window":
        left, right = parameters["left"], parameters["right"]
        if left >= 0 and right == 0:
            config.sliding_window = left + 1
            return builders.create_sliding_window_causal_mask(**cached)
        return builders.create_bidirectional_mask(**cached, and_mask_function=window(left, right))
    if problem.mask == "prefix-causal":
        block = torch.where(torch.arange(k.size(2)) < parameters["prefix"], 0, -1).expand(k.size(0), -1)
        return builders.create_causal_mask(**cached, block_sequence_ids=block)
    if problem.mask in ("document", "document-causal"):
        create = builders.create_causal_mask if problem.mask == "document-causal" else builders.create_bidirectional_mask
        positions = torch.cat([torch.arange(x) for x in parameters["lengths"]])[None]
        return create(**cached, position_ids=positions)
    return builders.create_bidirectional_mask(**given, encoder_hidden_states=k[:, 0].detach())


def attend(forward: Callable[..., tuple], implementation: str, q: Tensor, k: Tensor, v: Tensor, problem: Problem, **others: Any) -> Tensor:
    causal = "causal" in (problem.mask or "") or problem.mask == "sliding-window"
    layer = SimpleNamespace(num_key_value_groups=q.size(1) // k.size(1), training=False, is_causal=causal)
    layer.head_dim, layer.sinks = q.size(3), others.pop("sinks", None)
    mask = built(problem, q, k, implementation)
    others["scaling"] = q.size(3) ** -0.5 if others["scaling"] is None else others["scaling"]
    return forward(layer, q, k, v, mask, **others)[0].transpose(1, 2)


def claims(name: str, title: str, **others: Any) -> Mapping[str, Any]:
    common = {"version": version_of("transformers"), "framework": "torch", "device": "cpu", "speed": "medium"}
    return {"id": f"transformers-{name}", "title": f"transformers, {title}", **common, **others}


# the product q·k is stored, then scaled, and weights are stored, each in the type of q; oneDNN's
# products of bfloat16 are without subnormals
BF16 = {"accumulate": "f32", "scores": "storage", "probabilities": "storage", "flushToZero": True}
TRAINED = {
    # float16 is left out: a hidden score has -65504 added, and is -inf, or is seen beyond 65504
    "dtypes": ["f32", "bf16"],
    "numeric": {"f32": {"accumulate": "f32"}, "bf16": BF16},
    # a hidden score has the least number of the type added, so that a row without keys is their mean
    "dialect": {"emptyOutput": "mean", "maskedNaN": "leaks"},
    # that mean has gradients, for which the suite has no word: only masks that leave every query a key
    "masks": ["full", "causal", "sliding-window", "chunk-causal", "prefix-causal", "document", "document-causal"],
    "m": "=n",
}


@kernel(**claims("eager-trained", "eager of Llama, with gradients", **TRAINED), gradients=True)
def eager_trained(q, k, v, problem: Problem, scale: Optional[float] = None) -> Tensor:
    return attend(eager_attention_forward, "eager", q, k, v, problem, scaling=scale)


@kernel(**claims("gemma2", "eager of Gemma 2, with a softcap", **TRAINED), gradients=True)
def gemma2(q, k, v, problem: Problem, scale: Optional[float] = None, softcap: Optional[float] = None) -> Tensor:
    return attend(gemma2_forward, "eager", q, k, v, problem, scaling=scale, softcap=softcap)


# of bfloat16 the softmax itself is computed in bfloat16, for which the suite has no profile
GPT_OSS = {**TRAINED, "dtypes": ["f32"], "numeric": {"f32": TRAINED["numeric"]["f32"]}}


@kernel(**claims("gpt-oss", "eager of gpt-oss, with sinks", **GPT_OSS), gradients=["q", "k", "v", "sink"])
def gpt_oss(q, k, v, problem: Problem, scale: Optional[float] = None, sink: Optional[Tensor] = None) -> Tensor:
    """The layer always has sinks: they weigh nothing where the case has none."""
    sink = torch.full((q.size(1),), -torch.inf) if sink is None else sink
    return attend(gpt_oss_forward, "eager", q, k, v, problem, scaling=scale, sinks=sink.to(q.dtype))


# FLASH_ATTENTION, or MATH where v has heads of another size or the bias wants a gradient
@kernel(
    **claims("sdpa-bias", "sdpa with the bias of positions"),
    dtypes=["f32", "f16", "bf16"],
    numeric={"f32": {**FLASH_NUMERIC["f32"], "prescaledQ": True}, "f16": FLASH_NUMERIC["f16"], "bf16": FLASH_NUMERIC["bf16"]},
    dialect={"maskedNaN": "leaks"},
    masks=["full", "causal"],
    # a bias hides with the least number of the type, and not with -inf: no row is without keys
    m="=n",
    gradients=["q", "k", "v", "bias"],
)
def sdpa_bias(q, k, v, problem: Problem, bias: Optional[Tensor] = None, scale: Optional[float] = None) -> Tensor:
    return attend(sdpa_attention_forward, "sdpa", q, k, v, problem, position_bias=bias, scaling=scale)
