"""Files of tensors: what is written is read, and broken ones are refused."""

import random

import numpy as np
import pytest

import attn_cts
from attn_cts import Raw, decode_safetensors, encode_safetensors


def random_tensors(rng):
    def one():
        dtype = rng.choice(list(attn_cts.DTYPES))
        shape = [rng.randrange(4) for _ in range(rng.randrange(4))]
        numpy_type = np.dtype(attn_cts.DTYPES[dtype][1])
        size = int(np.prod(shape)) * numpy_type.itemsize
        data = bytes(rng.randrange(2) if dtype == "bool" else rng.randrange(256) for _ in range(size))
        return Raw(dtype, np.frombuffer(data, numpy_type).reshape(shape))

    return {f"t{i}": one() for i in range(rng.randrange(5))}


@pytest.mark.parametrize("seed", range(100))
def test_what_is_written_is_read(seed):
    tensors = random_tensors(random.Random(seed))
    found = decode_safetensors(encode_safetensors(tensors))
    assert {name: (t.dtype, t.data.shape, t.data.tobytes()) for name, t in found.items()} == {
        name: (t.dtype, t.data.shape, t.data.tobytes()) for name, t in tensors.items()
    }


def test_broken_files_are_refused_with_a_reason_and_nothing_else():
    rng = random.Random(1)
    refused = 0
    for _ in range(3000):
        content = bytearray(encode_safetensors(random_tensors(rng)))
        for _ in range(rng.randrange(1, 4)):
            if rng.random() < 0.3:
                del content[rng.randrange(len(content) + 1) :]
            elif content:
                content[rng.randrange(min(len(content), 200))] = rng.choice([0, 255, 0x7F, *b'"{}[]:,0 19-e', rng.randrange(256)])
        try:
            decode_safetensors(content)
        except ValueError as error:
            assert str(error).startswith("safetensors: ")
            refused += 1
    assert refused > 1000


@pytest.mark.parametrize(
    "header, problem",
    [
        (b"[]", "not an object"),
        (b"{", "not JSON"),
        (b'{"q": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}', "4 bytes for shape"),
        (b'{"q": {"dtype": "F32", "shape": [1000000000000], "data_offsets": [0, 4000000000000]}}', "ends at byte 4000000000000 of 4"),
        (b'{"q": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}', "whole numbers"),
        (b'{"q": {"dtype": "F12", "shape": [1], "data_offsets": [0, 4]}}', "no dtype of F64"),
    ],
)
def test_a_header_that_lies_is_named(header, problem):
    with pytest.raises(ValueError, match=problem):
        decode_safetensors(len(header).to_bytes(8, "little") + header + bytes(4))


def test_a_header_longer_than_the_file_is_not_read():
    with pytest.raises(ValueError, match="a header of 1152921504606846976 bytes in a file of 8"):
        decode_safetensors((1 << 60).to_bytes(8, "little"))
