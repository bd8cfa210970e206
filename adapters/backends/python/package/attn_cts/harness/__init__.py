"""attn_cts: hold a Python attention kernel to attention-cts, the conformance suite.

One file to copy; it needs Python 3.9 and NumPy, and PyTorch or JAX where the kernel does.

    from attn_cts import kernel

    @kernel(layout="blhd", dtypes=["bf16"], d=[64, 128], masks={"causal": {"causal": True}})
    def my_attention(q, k, v, causal=False, scale=None): ...

    $ npx attention-cts run --adapter python:my_kernel.py:my_attention

The kernel is a function of q [b, hk*g, m, d], k [b, hk, n, d] and v [b, hk, n, e] (layout "bhld"; sequence before heads in "blhd"), in the
framework's own tensors on its own device, or NumPy arrays, where bf16 is uint16 and fp8 is uint8, as raw bits. It returns o, shaped as q with
e for d, or (o, lse) with lse [b, hk*g, m] where outputs=["o", "lse"]. A keyword argument claims what it is named after:

    scale, softcap          numbers; left out where the case has its default
    sink, alibi             [hk*g]
    bias                    [b, hk*g, m, n], added to the scaled, capped score
    mask                    bool [b, hk*g, m, n], true keeps: any mask that is not among `masks`
    causal, is_causal       True for the mask `causal`
    document, lengths, ...  the tables that masks bring along
    cu_q, cu_k              int32 [documents + 1]: where packed documents begin, with layout "thd"
    block_table, ...        int32, with pages: see below
    problem                 a `Problem`: the whole case

A kernel of another operator, @kernel(operators=["gla"]), is a function of that operator's inputs by the names in its document, in any order,
and of its options: def gla(q, k, v, gate, scale=None). A first three arguments of other names are still q, k and v, where the operator has
these. Booleans are bool, indices int32, stored codes uint8 or int8; an input that is stored in float32 beside a narrower q comes so. The function returns its outputs
in the document's order, those of them that outputs=[...] claims, or a dict of them. The gradient of an input `gate` is `dgate`. When the
suite starts the kernel, it says what the documents are, and names that they do not have are refused, with the nearest ones. What is wrong with
one function of a file makes that kernel unavailable, or that operator of it, and leaves the others as they are.

Layout "thd" is packed documents: q [tq, hk*g, d], k [tk, hk, d], v [tk, hk, e], o as q, lse [hk*g, tq]. Document x has the queries
cu_q[x]:cu_q[x + 1] and the keys cu_k[x]:cu_k[x + 1], either of which may be none, and its mask for itself.

With pages={"sizes": [16]} the function is also called on a cache: then k and v are k_pages [pages, page, hk, d] and v_pages [pages, page, hk, e],
block_table [b, maxPages] names the pages of each sequence and cache_lengths [b] how many tokens it has. With "append": True the m new tokens
come along as k_new and v_new, shaped as k and v are without pages; the lengths are those before them, and the function returns
(o, k_pages, v_pages), or (o, lse, k_pages, v_pages): the cache with them, written in place or not. Other calls bring none of these.
A paged decode kernel that takes no other call requires its table, or says "only": True; its arguments may be in any order where they are called
q, k_pages or k_cache, v_pages or v_cache. cache_lengths may be called cache_seqlens or seqlens:

    @kernel(pages={"sizes": [16]}, m=1)
    def decode(q, k_cache, v_cache, block_table, cache_seqlens, scale=None): ...

With captured=True the suite also has a call captured as a CUDA graph and replayed, with other numbers in the same buffers, as a server does: every
number of a tensor, lengths and tables too, must be read by the replay. With captured=CAPTURE, a function of one argument, the capture is the
kernel's own: it is given a function of no arguments that calls the kernel, and returns one that replays that call and returns what it returned.

A function with @scheme is an attention on several ranks: a torch.distributed job, started by torchrun or by this file (--ranks 4). With shards="zigzag" it is called
on every rank with that rank's tokens and returns its outputs for them. Without, it is called with whole tensors, shards them itself (`shard`, `unshard`), and returns
whole ones on every rank. What every rank returns is judged. What the ranks send is counted.

This file is also the server behind `python:`: it speaks process protocol 1 (JSON lines on stdin and stdout, tensors in safetensors files).
"""

from .base import KernelError, Misbehaviour, Unavailable, Unsupported
from .safetensors import DTYPES, FLOATS, Raw, decode_safetensors, encode_safetensors
from .guards import Watch, require_clocks, require_no_work, require_plain, require_room
from .looks import Looks
from .settings import Settings
from .call_guards import CallGuards
from .seal import Seal
from .frameworks import FRAMEWORKS
from .claims import Kernel, Operator, Problem
from .decorator import kernel
from .session import Session
from .counts import add_area, uncounted
from .scheme import scheme, shard, unshard
from .job import JobSession
from .sharded_job import ShardedJobSession
from .server import Server, main, sealed, serve
from .checks import Check, checks, conforms

__all__ = [
    "kernel",
    "scheme",
    "shard",
    "unshard",
    "add_area",
    "uncounted",
    "serve",
    "checks",
    "conforms",
    "Problem",
    "KernelError",
    "Unavailable",
    "Unsupported",
]
