"""Bytes that collectives send and receive."""

import numpy as np
import pytest

import attn_cts


class Sized:
    """What counting asks of a tensor."""

    def __init__(self, *shape, size=4):
        self.shape, self.size = shape, size

    def numel(self):
        return int(np.prod(self.shape))

    def element_size(self):
        return self.size


X = Sized(8, 3)  # 96 bytes, 24 for each of four ranks
PARTS = [Sized(rank + 1) for rank in range(4)]  # 4, 8, 12 and 16 bytes


@pytest.mark.parametrize(
    "operation, named, sent, received",
    [
        ("send", {"tensors": [X]}, 96, 0),
        ("recv_", {"tensors": [X]}, 0, 96),
        ("isend", {"tensor": X}, 96, 0),
        ("irecv", {"tensor": X}, 0, 96),
        ("batch_p2p_ops", {"op_list": ["isend", "irecv"], "tensors": [X, PARTS[0]]}, 96, 4),
        ("wait_tensor", {"tensor": X}, 0, 0),
        ("wait_tensors", {"tensors": [X]}, 0, 0),
        ("_wrap_tensor_autograd", {"input": X}, 0, 0),
        ("barrier", {"tensor": X}, 0, 0),
        ("allgather_", {"output_tensors": [[X] * 4], "input_tensors": [X]}, 288, 288),
        ("_allgather_base_", {"output_tensor": Sized(32, 3), "input_tensor": X}, 288, 288),
        ("all_gather_into_tensor", {"input": X}, 288, 288),
        ("allreduce_", {"tensors": [X]}, 144, 144),
        ("all_reduce", {"input": X}, 144, 144),
        ("_reduce_scatter_base_", {"output_tensor": Sized(2, 3), "input_tensor": X}, 72, 72),
        ("reduce_scatter_tensor", {"input": X}, 72, 72),
        ("alltoall_", {"output_tensors": [PARTS[1]] * 4, "input_tensors": PARTS}, 32, 24),
        ("alltoall_base_", {"output": X, "input": X, "output_split_sizes": [], "input_split_sizes": []}, 72, 72),
        ("all_to_all_single", {"input": X, "output_split_sizes": [1, 1, 1, 2], "input_split_sizes": [0, 5, 0, 3]}, 36, 48),
        ("broadcast_", {"tensors": [X], "root_rank": 1}, 288, 0),
        ("broadcast", {"input": X, "src": 0}, 0, 96),
        ("scatter_", {"output_tensors": [X], "input_tensors": [[X] * 4], "root_rank": 1}, 288, 0),
        ("gather_", {"output_tensors": [], "input_tensors": [X], "root_rank": 0}, 96, 0),
        ("reduce_", {"tensors": [X], "root_rank": 1}, 0, 288),
    ],
)
def test_the_second_of_four_ranks_sends_and_receives(monkeypatch, operation, named, sent, received):
    monkeypatch.setattr(attn_cts, "_group_place", lambda _: (1, 4))
    assert attn_cts._traffic(operation, named) == (sent, received)
