"""Matching by signature, and pages. Run by flashinfer.every.test.ts."""

import os
import random
import sys

import numpy as np
import pytest
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "..", "..", "..", "..", "adapters", "backends", "python", "package")]
from blocks import block_lists
from calls import values
from caches import combined_cache, fp8_paged, latent_cache
from clean import clean
from definitions import mla_paged
from pieces import changed, scalar, tensor
from solutions import PAGED
from states import gdn_decode, gdn_pool, gdn_prefill, kda_prefill, merge_state_into

from attn_cts.flashinfer.documents import definition_of
from attn_cts.flashinfer.domain import Domain, OutsideDefinition, false_constraint
from attn_cts.flashinfer.kernels import kernel_of
from attn_cts.flashinfer.kernels.latent import Latent
from attn_cts.flashinfer.packed import page_order, page_tables, paged
from attn_cts.flashinfer.signatures import NoMatch, match
from attn_cts.harness import Problem


OPERATORS = {
    **{"gqa": "softmax", "com": "softmax", "mla": "mla-absorbed", "lat": "mla-absorbed", "blo": "block-lists"},
    **{"dsa": "flashinfer-dsa", "gdn": "flashinfer-gdn", "kda": "flashinfer-kda", "mer": "flashinfer-merge", "fp8": "flashinfer-fp8-cache"},
}


@pytest.mark.parametrize("name", clean())
def test_a_definition_is_matched_by_its_signature_whatever_it_is_called(name):
    d = changed(clean()[name], lambda d: d.update(name="x", op_type="y"))
    found = match(definition_of(d, name))
    operator = "fp8-cache" if "by_head" in name else OPERATORS[name[:3]]
    assert found.operator == (f"{operator}-e5m2" if "e5m2" in name else operator)
    assert found.masks == (("causal",) if "prefill_causal" in name or name.startswith("latent") else ("full", "causal") if name.startswith("block") else ("full",))
    assert found.sizes["g"] == {"mla": 4, "lat": 4, "dsa": 4, "mer": 1}.get(name[:3], 2) and found.dtype == ("f32" if name[:3] == "mer" else "bf16")


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda d: d["inputs"].update(alibi_slopes=tensor("num_qo_heads", dtype="float32")), r"alibi_slopes \(\[num_qo_heads\] float32\)"),
        (lambda d: d["inputs"].update(logits_soft_cap=scalar()), r"logits_soft_cap \(a scalar float32\), which the suite does not know"),
        (lambda d: d["inputs"].pop("k_cache"), "nothing|no k_cache|no signature"),
        (lambda d: d["inputs"]["q"].update(shape=["batch_size", "head_dim"]), "q .* must have 3 axes"),
        (lambda d: d["inputs"]["k_cache"].update(dtype="float8_e4m3fn"), "k_cache .*float8_e4m3fn"),
        (lambda d: d["inputs"]["kv_indices"].update(dtype="float32"), "kv_indices .*must be integers"),
        (lambda d: d["outputs"].update(maximum=tensor("batch_size", dtype="float32")), "unknown output: maximum"),
        (lambda d: d["axes"].update(num_kv_heads={"type": "const", "value": 128}), "4 heads .* must be a multiple of 128"),
        (lambda d: d.update(inputs={"x": tensor("batch_size")}), r"unknown inputs: x"),
    ],
)
def test_what_matches_no_signature_says_which_input_is_unknown(change, said):
    with pytest.raises(NoMatch, match=said):
        match(definition_of(changed(PAGED, change), "d"))


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda d: d["axes"].update(kv_cache_dim={"type": "const", "value": 1}), r"kv_cache .* must hold keys and values: axis kv_cache_dim must be 2"),
        (lambda d: d["inputs"].update(k_cache=tensor("num_pages")), r"k_cache .*which the suite does not know"),
        (lambda d: d["inputs"].update(skip_softmax=scalar()), r"skip_softmax \(a scalar float32\), which the suite does not know"),
    ],
)
def test_a_combined_cache_that_is_none_is_not_guessed(change, said):
    with pytest.raises(NoMatch, match=said):
        match(definition_of(changed(combined_cache(), change), "d"))


@pytest.mark.parametrize("new, m, masks", [(1, [1], ["full", "padding"]), (3, [3], ["causal"]), (None, {"min": 1, "max": 4}, ["causal", "padding"])])
def test_new_tokens_of_a_latent_cache_do_not_see_those_after_them(new, m, masks):
    axis = {"type": "var"} if new is None else {"type": "const", "value": new}
    found = match(definition_of(changed(latent_cache(), lambda d: d["axes"].update(q_len_per_request=axis)), "d"))
    claims = kernel_of(found, lambda given: {}, "title").attn_cts.capabilities
    assert claims["limits"]["m"] == m and list(claims["masks"]) == masks


@pytest.mark.parametrize(
    "made, change, said",
    [
        (block_lists, lambda d: d.update(reference=d["reference"].replace("BLK_KV", "many")), "the number of keys in a block of the lists is unknown"),
        (block_lists, lambda d: d.update(reference=d["reference"] + "\nBLOCK_K = 8\n"), "the number of keys in a block of the lists is unknown"),
        (latent_cache, lambda d: d["axes"].update(kv_lora_rank={"type": "var"}), "kv_cache .* latent vectors, as wide as the output .* in constant sizes"),
        (latent_cache, lambda d: d["axes"].update(qk_rope_head_dim={"type": "const", "value": 5}), "qk_rope_head_dim is 5, but must be 4 by the outputs and the cache"),
        (latent_cache, lambda d: d["axes"].update(kv_pad_dim={"type": "const", "value": 2}), "one row for all heads: axis kv_pad_dim must be 1"),
        (latent_cache, lambda d: d["inputs"]["kv_cache"].update(dtype="float8_e4m3fn"), "no latent-decode with codes"),
        (fp8_paged, lambda d: [d["inputs"].pop(name) for name in ("k_scale", "v_scale")], "k_cache .* holds codes, but has neither k_scale and v_scale"),
        (fp8_paged, lambda d: d["inputs"].update(k_scale=tensor("num_pages", dtype="float32")), r"k_scale \(\[num_pages\] float32\).*one factor, or one factor for each of num_kv_heads"),
        (fp8_paged, lambda d: [d["inputs"][name].update(dtype="bfloat16") for name in ("k_cache", "v_cache")], r"k_scale \(a scalar float32\), v_scale .*which the suite does not know"),
        (fp8_paged, lambda d: d["inputs"]["v_cache"].update(dtype="float8_e5m2"), r"k_scale \(a scalar float32\), v_scale .*which the suite does not know"),
        (gdn_pool, lambda d: d["outputs"].pop("final_state"), "the new state must be an output"),
        (kda_prefill, lambda d: d["inputs"]["g"].update(dtype="bfloat16"), r"g .* must be float32, with a gate for each channel of the keys"),
        (kda_prefill, lambda d: d["inputs"]["g"].update(shape=["total_seq_len", "num_v_heads", "num_seqs"]), r"a gate for each channel .*\[num_v_heads, head_size\]"),
    ],
)
def test_what_a_further_signature_leaves_open_is_not_guessed(made, change, said):
    with pytest.raises(NoMatch, match=said):
        match(definition_of(changed(made(), change), "d"))


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda d: d["axes"].update(seq_len={"type": "const", "value": 4}), "token by token: axis seq_len must be 1"),
        (lambda d: d["outputs"].pop("new_state"), "the new state must be an output"),
    ],
)
def test_a_decode_with_a_state_has_one_token_and_gives_the_state_back(change, said):
    with pytest.raises(NoMatch, match=said):
        match(definition_of(changed(gdn_decode(), change), "d"))


@pytest.mark.parametrize("made", [gdn_decode, gdn_pool, gdn_prefill, kda_prefill])
def test_a_state_that_is_an_input_is_claimed(made):
    kernel = kernel_of(match(definition_of(made(), "d")), lambda values: values, "made")
    assert set(kernel.attn_cts.options) == {"scale", "initial"}


def test_a_state_that_begins_as_nothing_is_not_claimed():
    without = changed(kda_prefill(), lambda d: d["inputs"].pop("state"))
    assert kernel_of(match(definition_of(without, "d")), lambda values: values, "made").attn_cts.options == ("scale",)


def test_an_optional_input_of_unknown_meaning_is_left_out_of_calls():
    found = match(definition_of(changed(PAGED, lambda d: d["inputs"].update(workspace={**tensor("num_pages"), "optional": True})), "d"))
    assert "workspace" not in found.roles.values()


VALUES = {"distribution": "normal", "seed": 0}
"""Of every case, for a call is told no seed."""


def test_every_channel_of_a_latent_row_is_used_by_some_case():
    found = match(definition_of(mla_paged(), "d"))
    problem = Problem({"dims": {"c": 2, "r": 1}, "values": VALUES}, {})
    parts = [Latent(torch, found, problem, torch.randn(1, 4, 1, 3, generator=torch.Generator().manual_seed(seed))).parts for seed in range(200)]
    for at, axis in enumerate(("c", "r")):
        assert {place for each in parts for place in each[at][0]} == set(range(found.sizes[axis]))


def test_a_merge_has_a_mask_in_some_cases_and_none_in_others():
    masked = set()

    def call(values):
        masked.add("mask" in values)
        return {"v": values["v"], "s": values["s"]}

    merged = kernel_of(match(definition_of(merge_state_into(), "d")), call, "merged")
    for seed in range(20):
        rows = torch.randn(1, 4, 1, 2, 8, generator=torch.Generator().manual_seed(seed))
        merged(rows, torch.zeros(1, 4, 1, 2), torch.ones(1, 1, 1, 2), Problem({"dims": {}, "mask": {"name": "full"}, "values": VALUES}, {}))
    assert masked == {True, False}


def test_every_token_is_found_through_the_tables():
    rng = random.Random(20)
    for _ in range(100):
        page = rng.choice([1, 2, 4, 16])
        lengths = [rng.choice([0, 1, page, page + 1, rng.randrange(40)]) for _ in range(rng.randrange(1, 5))]
        starts = np.concatenate([[0], np.cumsum(lengths)]).tolist()
        order, rows = page_order([-(-n // page) for n in lengths])
        tokens = torch.arange(1.0, sum(lengths) + 1)[:, None, None].expand(-1, 2, 3)
        cache = paged(torch, tokens, starts, rows, len(order), page)
        tables = page_tables(torch, rows, lengths, page, "cpu")
        assert sorted(order) == list(range(len(order))) and cache.shape[0] == len(order)
        indptr, indices, last = (tables[name].tolist() for name in ("kv_indptr", "kv_indices", "last_page_len"))
        for b, n in enumerate(lengths):
            pages = indices[indptr[b] : indptr[b + 1]]
            assert max(0, len(pages) - 1) * page + (last[b] if pages else 0) == n
            assert tables["block_table"][b, : len(pages)].tolist() == pages and tables["seq_lens"][b] == n
            read = cache[pages].flatten(0, 1)[:n]
            assert torch.equal(read, tokens[starts[b] : starts[b + 1]])
        assert len(set(indices)) == len(indices)


@pytest.mark.parametrize(
    "constraints, limits",
    [
        (["batch_size <= 8"], {"b": {"max": 8}}),
        (["batch_size >= 2", "batch_size < 8"], {"b": {"min": 2, "max": 7}}),
        (["batch_size == 4", "batch_size % 2 == 0"], {"b": {"min": 4, "max": 4, "multipleOf": 2}}),
        (["len_indptr == batch_size + 1", "batch_size % 2 == 1"], {}),
    ],
)
def test_limits_of_an_axis_are_claimed(constraints, limits):
    found = match(definition_of(changed(PAGED, lambda d: d.update(constraints=constraints)), "d"))
    assert kernel_of(found, lambda given: {}, "title").attn_cts.capabilities.get("limits", {}).get("b") == limits.get("b")


@pytest.mark.parametrize(
    "constraint, holds",
    [
        ("num_kv_indices == kv_indptr[-1].item()", True),
        ("kv_indptr[0] == 0 and len_indptr == batch_size + 1", True),
        ("kv_indptr[-1] == 0", False),
        ("batch_size <= 2", False),
        ("kv_indptr[99] == 0", True),
        ("kv_indices.max() < 0", True),
    ],
)
def test_a_call_for_which_a_constraint_is_false_is_not_made(constraint, holds):
    d = definition_of(changed(PAGED, lambda d: d.update(constraints=[constraint])), "d")
    assert false_constraint(d, values()) == (None if holds else constraint)
    domain = Domain(d)
    if not holds:
        with pytest.raises(NoMatch, match="does not hold"):
            domain.require(values())
        with pytest.raises(NoMatch, match="every call that the suite draws"):
            domain.require_kept()
    else:
        domain.require(values())
        domain.require_kept()


@pytest.mark.parametrize("change", [{"q": torch.zeros(3, 2, 8)}, {"q": torch.zeros(3, 4, 8, 1)}, {"kv_last_page_len": torch.zeros(2, dtype=torch.int32)}])
def test_a_call_of_other_shapes_is_not_made_and_says_nothing_of_constraints(change):
    domain = Domain(definition_of(PAGED, "d"))
    with pytest.raises(OutsideDefinition, match=f"{next(iter(change))} is .*must be"):
        domain.require({**values(), **change})
    domain.require_kept()
