"""What of the tokens each rank of a scheme has, and its part of a tensor."""

import numpy as np
import pytest

import attn_cts
from attn_cts import CUTS, KernelError, Operator, Problem, Shard, Unsupported, scheme

DIMS = {"b": 2, "hk": 1, "g": 2, "m": 12, "n": 12, "d": 3, "e": 2}
SHAPES = {
    "bhld": {"q": (2, 2, 12, 3), "k": (2, 1, 12, 3), "do": (2, 2, 12, 2), "lse": (2, 2, 12), "bias": (2, 2, 12, 12), "mask": (1, 1, 12, 12)},
    "blhd": {"q": (2, 12, 2, 3), "k": (2, 12, 1, 3), "do": (2, 12, 2, 2), "lse": (2, 2, 12), "bias": (2, 2, 12, 12)},
    "thd": {"q": (12, 2, 3), "k": (12, 1, 3), "do": (12, 2, 2), "lse": (2, 12)},
}


def shards(cut, ranks, layout="bhld", **dims):
    problem = Problem({"dims": {**DIMS, **dims}, "layout": layout}, {})
    return [Shard(cut, problem, Operator.of("softmax", {}), rank, ranks) for rank in range(ranks)]


def halves_exchanged(problem, axis, rank, ranks):
    half = problem.dims[axis] // 2
    return [range(half, 2 * half)] if rank == 0 else [range(0, half, 2), range(1, half, 2)] if rank == 1 else []


@pytest.mark.parametrize("layout", SHAPES)
@pytest.mark.parametrize("cut", [*CUTS, halves_exchanged])
def test_the_parts_of_all_ranks_make_up_the_whole(cut, layout):
    for name, shape in SHAPES[layout].items():
        whole = np.arange(np.prod(shape)).reshape(shape)
        again = np.full(shape, -1)
        for shard in shards(CUTS.get(cut, cut), 3, layout):
            part = shard.take(name, whole)
            # each has its own: the places that the reply tells are those of its part
            place, axis = shard.along(name)
            told = [at for run in shard.told()[axis] for at in range(run["start"], run["start"] + run["length"] * run["stride"], run["stride"])]
            assert part.tolist() == np.take(whole, told, axis=place).tolist()
            shard.put(name, part, again)
        assert again.tolist() == whole.tolist()


def test_what_has_no_tokens_is_whole_on_every_rank():
    sink, lengths = np.arange(2), np.arange(7)
    for shard in shards(CUTS["zigzag"], 2):
        assert shard.take("sink", sink) is sink and shard.take("lengths", lengths) is lengths
        # one row for all queries
        assert shard.take("mask", np.ones((1, 1, 1, 12))).shape == (1, 1, 1, 12)


def test_tokens_that_cannot_be_cut_are_refused():
    with pytest.raises(Unsupported, match="the number of tokens, 12, is no multiple of 8"):
        shards(CUTS["zigzag"], 4)
    with pytest.raises(Unsupported, match="m = n is needed, found m = 6, n = 12"):
        shards(CUTS["contiguous"], 2, m=6)
    with pytest.raises(KernelError, match="shards= returned 3 for axis m"):
        shards(lambda problem, axis, rank, ranks: 3, 2)
    with pytest.raises(KernelError, match="ascending ranges"):
        shards(lambda problem, axis, rank, ranks: [range(4, 0, -1)], 2)


def test_a_cut_that_is_none():
    with pytest.raises(KernelError, match="shards.*zigzg.*did you mean zigzag"):
        scheme(lambda q, k, v: v, name="mine", framework="torch", shards="zigzg")
    with pytest.raises(KernelError, match="numpy has all ranks in one process"):
        scheme(lambda q, k, v: v, name="mine", shards="striped")
    assert scheme(lambda q, k, v: v, name="mine", framework="torch", shards="striped").attn_cts.shards is CUTS["striped"]


def test_the_names_of_the_reference():
    assert set(CUTS) == {"contiguous", "zigzag", "striped"} and all(name in attn_cts.scheme.__doc__ for name in CUTS)
