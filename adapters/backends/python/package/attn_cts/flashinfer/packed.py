"""Sequences of different lengths one after the other, and in pages, as FlashInfer's functions take them."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from ..harness import Problem

_SPARE = 3
"""Pages that no sequence has."""


class Packed:
    """Queries and keys of a call, one sequence after the other, whatever the layout of the call is."""

    def __init__(self, torch: Any, problem: Problem, q: Any, k: Any, v: Any, page: int):
        self.torch = torch
        self.problem = problem
        self.page = page
        self.layout = problem.case.get("layout", "bhld")
        given = problem.tensors
        self.cache: Optional[Tuple[Any, Any]] = None
        if self.layout == "thd":
            self.q, self.k, self.v = q, k, v
            self.cu_q, self.cu_k = given["cu_q"].int(), given["cu_k"].int()
            return
        b, h, m, d = q.shape
        self.shape = (b, h, m)
        self.q = q.permute(0, 2, 1, 3).reshape(b * m, h, d)
        self.cu_q = self.counted([m] * b)
        if "k_pages" in given:
            self.cache = k, v
            self.page = k.shape[1]
            self.lengths = [int(n) for n in given["cache_lengths"]]
            self.cu_k = self.counted(self.lengths)
            return
        parts = [self.visible(entry, k.shape[2]) for entry in range(b)]
        self.k = torch.cat([k[entry, :, begin:end].transpose(0, 1) for entry, (begin, end) in enumerate(parts)])
        self.v = torch.cat([v[entry, :, begin:end].transpose(0, 1) for entry, (begin, end) in enumerate(parts)])
        self.cu_k = self.counted([end - begin for begin, end in parts])

    def visible(self, entry: int, n: int) -> Tuple[int, int]:
        """First key of a batch entry, and the one after its last: a padding mask hides the others."""
        parameters = self.problem.parameters
        if mask_of(self.problem) != "padding":
            return 0, n
        lengths = parameters["lengths"]
        length = int(lengths[entry]) if isinstance(lengths, (list, tuple)) else int(self.problem.tensors["lengths"][entry])
        return (n - length, n) if parameters.get("side") == "left" else (0, length)

    def counted(self, lengths: Sequence[int]) -> Any:
        return self.torch.tensor(np.concatenate([[0], np.cumsum(lengths)]), dtype=self.torch.int32, device=self.q.device)

    def bounds(self) -> List[Tuple[int, int, int, int]]:
        """The places where the queries of each sequence begin and end, and its keys."""
        queries, keys = self.cu_q.tolist(), self.cu_k.tolist()
        return list(zip(queries, queries[1:], keys, keys[1:]))

    def pages(self, heads_first: bool = False) -> Dict[str, Any]:
        """The cache in pages, and the tables that FlashInfer's functions take."""
        torch, lengths = self.torch, [t - s for _, _, s, t in self.bounds()]
        counts = [-(-n // self.page) for n in lengths]
        if self.cache is not None:
            k, v = self.cache
            table = self.problem.tensors["block_table"].tolist()
            rows = [row[:count] for row, count in zip(table, counts)]
        else:
            order, rows = page_order(counts)
            k, v = (paged(torch, x, self.cu_k.tolist(), rows, len(order), self.page) for x in (self.k, self.v))
        return {
            "k_cache": k.transpose(1, 2).contiguous() if heads_first else k,
            "v_cache": v.transpose(1, 2).contiguous() if heads_first else v,
            **page_tables(torch, rows, lengths, self.page, self.q.device),
        }

    def back(self, outputs: Mapping[str, Any]) -> Dict[str, Any]:
        """Outputs [tokens, heads, …] in the layout of the call."""
        found = dict(outputs)
        if self.layout == "thd":
            if "lse" in found:
                found["lse"] = found["lse"].transpose(0, 1)
        else:
            b, h, m = self.shape
            found["o"] = found["o"].reshape(b, m, h, -1).transpose(1, 2)
            if "lse" in found:
                found["lse"] = found["lse"].reshape(b, m, h).transpose(1, 2)
        return {name: value.contiguous() for name, value in found.items()}


def page_order(counts: Sequence[int]) -> Tuple[List[int], List[List[int]]]:
    """Pages in an order that is not that of the sequences, some of them nobody's; and those of each sequence."""
    total = sum(counts) + _SPARE
    order = np.random.default_rng(total).permutation(total).tolist()
    ends = np.cumsum(counts).tolist()
    return order, [order[end - count : end] for end, count in zip(ends, counts)]


def paged(torch: Any, tokens: Any, starts: Sequence[int], rows: Sequence[Sequence[int]], pages: int, page: int) -> Any:
    """Tokens [all, …] in pages [pages, page, …]; other slots hold numbers that a sequence long ago may have left."""
    left = torch.Generator().manual_seed(pages)
    shape = (pages, page, *tokens.shape[1:])
    # codes are those of numbers that are not large, and none of NaN
    drawn = torch.randn(shape, generator=left) * 2 if tokens.dtype.is_floating_point else torch.randint(0, 64, shape, generator=left)
    cache = drawn.to(tokens.dtype).to(tokens.device)
    for begin, end, row in zip(starts, starts[1:], rows):
        for at, number in enumerate(row):
            part = tokens[begin + at * page : min(end, begin + (at + 1) * page)]
            cache[number, : part.shape[0]] = part
    return cache


def page_tables(torch: Any, rows: Sequence[Sequence[int]], lengths: Sequence[int], page: int, device: Any) -> Dict[str, Any]:
    """kv_indptr, kv_indices and kv_last_page_len of sequences whose pages these are, and the same as a table with lengths."""

    def numbers(values: Sequence[int]) -> Any:
        return torch.tensor(list(values), dtype=torch.int32, device=device)

    widest = max([1, *(len(row) for row in rows)])
    table = [[*row, *[0] * (widest - len(row))] for row in rows]
    return {
        "kv_indptr": numbers(np.concatenate([[0], np.cumsum([len(row) for row in rows])]).tolist()),
        "kv_indices": numbers([number for row in rows for number in row]),
        "last_page_len": numbers([n - max(0, -(-n // page) - 1) * page for n in lengths]),
        "block_table": torch.tensor(table, dtype=torch.int32, device=device).reshape(len(rows), widest),
        "seq_lens": numbers(lengths),
    }


def mask_of(problem: Problem) -> str:
    """Name of the mask of a call."""
    return problem.mask or problem.case["mask"].get("name") or "full"
