"""Calls on pages: names of arguments, and kernels that take no other call."""

import numpy as np
import pytest

from asking import ask, qkv
import attn_cts
from attn_cts import kernel

PAGED = {"operator": "softmax", "dims": {"b": 1, "hk": 1, "g": 1, "m": 1, "n": 3, "d": 2, "e": 2}, "history": [{"op": "create", "page": 4}, {"op": "append", "sequences": [0], "tokens": 1}]}


def paged():
    rng = np.random.default_rng(0)
    pages = {name: rng.normal(size=(2, 4, 1, 2)).astype(np.float32) for name in ("k_pages", "v_pages")}
    tables = {"block_table": ("i32", np.array([[1, 0]], np.int32)), "cache_lengths": ("i32", np.array([3], np.int32))}
    return {"q": rng.normal(size=(1, 1, 1, 2)).astype(np.float32), **pages, **tables}


def check_arguments(q, k, v, table, lengths):
    given = paged()
    assert np.array_equal(q, given["q"]) and np.array_equal(k, given["k_pages"]) and np.array_equal(v, given["v_pages"])
    assert table.tolist() == [[1, 0]] and lengths.tolist() == [3]
    return q


@pytest.mark.parametrize(
    "function",
    [
        lambda q, k_cache, v_cache, block_table, seqlens: check_arguments(q, k_cache, v_cache, block_table, seqlens),
        lambda block_table, cache_seqlens, v_cache, k_cache, q: check_arguments(q, k_cache, v_cache, block_table, cache_seqlens),
        lambda v_pages, k_pages, q, block_table, cache_lengths, scale=None: check_arguments(q, k_pages, v_pages, block_table, cache_lengths),
        lambda query, key_cache, value_cache, block_table, cache_lengths: check_arguments(query, key_cache, value_cache, block_table, cache_lengths),
        lambda *, q, k_cache, v_cache, block_table, seqlens: check_arguments(q, k_cache, v_cache, block_table, seqlens),
    ],
)
def test_a_paged_kernel_may_name_and_order_its_arguments_as_it_does(tmp_path, function):
    reply, outputs = ask(tmp_path, kernel(function, pages={"sizes": [4]}), paged(), case=PAGED)
    assert reply == {"seq": 7, "ok": True}
    assert list(outputs) == ["o"]


def test_names_that_are_told_come_before_those_that_are_usual(tmp_path):
    function = kernel(lambda q, k_cache, v_cache, table, seqlens, lens: check_arguments(q, k_cache, v_cache, table, lens), pages={"sizes": [4], "only": True}, names={"block_table": "table", "cache_lengths": "lens", "document": "seqlens"})
    assert ask(tmp_path, function, paged(), case=PAGED)[0] == {"seq": 7, "ok": True}


def test_a_kernel_that_refuses_calls_without_pages_is_told_how_to_claim_no_such_call(tmp_path):
    def decode(q, k, v, block_table=None, cache_lengths=None):
        raise attn_cts.Unsupported("no table")

    claimed = kernel(decode, pages={"sizes": [4]})
    assert ask(tmp_path, claimed, qkv())[0]["unsupported"] == 'no table; a kernel that only takes pages claims pages={..., "only": True}: then all calls are on pages'
    assert ask(tmp_path, claimed, paged(), case=PAGED)[0]["unsupported"] == "no table"
