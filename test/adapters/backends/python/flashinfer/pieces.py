"""What Definitions of our own making are put together from."""

import copy

HEAD = "import math\nimport torch\n\n\n"

# one sequence: its queries [m, h, d], keys [n, hk, d] and values [n, hk, e], to outputs and lse in base 2; a query without keys is 0 and -inf
ATTEND = '''def attend(q, k, v, scale, causal):
    m, h, _ = q.shape
    n, hk, e = v.shape
    q, k, v = q.float(), k.float().repeat_interleave(h // hk, 1), v.float().repeat_interleave(h // hk, 1)
    output = torch.zeros(m, h, e)
    lse = torch.full((m, h), float("-inf"), dtype=torch.float32)
    for i in range(m):
        visible = min(n, i + 1 + n - m) if causal else n
        if visible <= 0:
            continue
        scores = torch.einsum("hd,nhd->hn", q[i], k[:visible]) * scale
        lse[i] = torch.logsumexp(scores, -1) / math.log(2.0)
        output[i] = torch.einsum("hn,nhe->he", torch.softmax(scores, -1), v[:visible])
    return output, lse


'''

GATHER = '''def tokens(cache, pages, last):
    rows = cache[pages.long()].flatten(0, 1)
    return rows[: max(0, (len(pages) - 1) * cache.shape[1] + last)]


'''


def axis(value=None):
    return {"type": "var"} if value is None else {"type": "const", "value": value}


def tensor(*shape, dtype="bfloat16"):
    return {"shape": list(shape), "dtype": dtype}


def scalar(dtype="float32"):
    return {"shape": None, "dtype": dtype}


def index(*shape):
    return tensor(*shape, dtype="int32")


def as_dump(definition):
    """The same as flashinfer writes it: the reference has another name and is called by keyword, and what plan() took is unknown and optional."""
    d = copy.deepcopy(definition)
    name = "_" + d["op_type"] + "_reference"
    d["reference"] = d["reference"].replace("def run(", f"def {name}(")
    for key, given in d["inputs"].items():
        if key.endswith(("indptr", "indices")):
            given.update(dtype="unknown", optional=True)
        elif key in ("sm_scale", "scale"):
            given["optional"] = True
    d["tags"] = ["fi_api:flashinfer.run", "status:verified"]
    d["init"] = "import torch\n\n\ndef _init(*, seed=0, device='cpu', **axes):\n    return {}\n"
    return d


def changed(definition, change):
    d = copy.deepcopy(definition)
    change(d)
    return d
