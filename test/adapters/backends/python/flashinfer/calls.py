"""Inputs of calls of `gqa_paged(4)`, and a file of workloads that has them."""

import json

import torch
from solutions import PAGED

from attn_cts.flashinfer.documents import definition_of
from attn_cts.flashinfer.packed import page_order, page_tables
from attn_cts.harness.safetensors import Raw, encode_safetensors

D = definition_of(PAGED, "d.json")


def values(lengths=(5, 0, 1), page=4, heads=4, key_heads=2, d=8):
    generator = torch.Generator().manual_seed(1)
    order, rows = page_order([-(-n // page) for n in lengths])
    tables = page_tables(torch, rows, lengths, page, "cpu")
    cache = torch.randn(2, len(order), page, key_heads, d, generator=generator).bfloat16()
    given = {"q": torch.randn(len(lengths), heads, d, generator=generator).bfloat16(), "k_cache": cache[0], "v_cache": cache[1]}
    return {**given, "kv_indptr": tables["kv_indptr"], "kv_indices": tables["kv_indices"], "kv_last_page_len": tables["last_page_len"], "sm_scale": 0.3}


def workload_file(folder, **changes):
    given = values()
    raws = {name: Raw("i32", given[name].numpy()) for name in ("kv_indptr", "kv_indices", "kv_last_page_len")}
    (folder / "blob").mkdir(exist_ok=True)
    (folder / "blob" / "t.safetensors").write_bytes(encode_safetensors(raws))
    source = lambda key: {"type": "safetensors", "path": "blob/t.safetensors", "tensor_key": key}  # noqa: E731
    inputs = {name: source(name) for name in raws}
    inputs.update(q={"type": "random"}, sm_scale={"type": "scalar", "value": 0.3})
    inputs.update(changes)
    axes = {"batch_size": 3, "num_pages": int(given["k_cache"].shape[0]), "len_indptr": 4, "num_kv_indices": len(given["kv_indices"])}
    line = {"definition": D.name, "workload": {"uuid": "w1", "axes": axes, "inputs": inputs}, "solution": None, "evaluation": None}
    (folder / "workloads").mkdir(exist_ok=True)
    path = folder / "workloads" / "w.jsonl"
    path.write_text(json.dumps({"definition": "other", "workload": {}}) + "\n" + json.dumps(line) + "\n")
    return str(path)
