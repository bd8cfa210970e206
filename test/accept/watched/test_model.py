"""A test as others write it: a small Llama with random weights learns one step of two packed documents."""

import time

import torch
from transformers import LlamaConfig, LlamaForCausalLM

LENGTHS = (40, 56)


def test_a_step_of_packed_documents():
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=100,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        attn_implementation="sdpa",
    )
    model = LlamaForCausalLM(config)
    ids = torch.randint(0, 100, (1, sum(LENGTHS)))
    positions = torch.cat([torch.arange(length) for length in LENGTHS])[None]
    for step in range(2):  # the first one warms up
        began = time.perf_counter()
        loss = model(input_ids=ids, position_ids=positions, labels=ids, use_cache=False).loss
        loss.backward()
        print(f"step {step}: {time.perf_counter() - began} s")
    assert torch.isfinite(loss)
