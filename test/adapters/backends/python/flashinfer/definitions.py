"""Definitions of our own making, in both dialects: clean ones, and one for each defect that an audit must find."""

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

PAGED = HEAD + ATTEND + GATHER + '''@torch.no_grad()
def run(q, k_cache, v_cache, {queries}kv_indptr, kv_indices, {length}sm_scale):
    output = torch.zeros(q.shape, dtype=q.dtype)
    lse = torch.full(q.shape[:2], float("-inf"), dtype=torch.float32)
    for b in range(len(kv_indptr) - 1):
        begin, end = {begin}, {end}
        pages = kv_indices[int(kv_indptr[b]) : int(kv_indptr[b + 1])]
        if begin >= end or len(pages) == 0:
            continue
        last = {last}
        k, v = tokens(k_cache, pages, last), tokens(v_cache, pages, last)
        output[begin:end], lse[begin:end] = attend(q[begin:end], k, v, float(sm_scale), {causal})
    return output, lse
'''


def axis(value=None):
    return {"type": "var"} if value is None else {"type": "const", "value": value}


def tensor(*shape, dtype="bfloat16"):
    return {"shape": list(shape), "dtype": dtype}


def scalar(dtype="float32"):
    return {"shape": None, "dtype": dtype}


def index(*shape):
    return tensor(*shape, dtype="int32")


def gqa_paged(page=1, prefill=False, heads=4, key_heads=2, d=8):
    total = "total_q" if prefill else "batch_size"
    length = page > 1
    source = PAGED.format(
        queries="qo_indptr, " if prefill else "",
        length="kv_last_page_len, " if length else "",
        begin="int(qo_indptr[b])" if prefill else "b",
        end="int(qo_indptr[b + 1])" if prefill else "b + 1",
        last="int(kv_last_page_len[b])" if length else "1",
        causal=str(prefill),
    )
    axes = {
        **({"total_q": axis()} if prefill else {"batch_size": axis()}),
        "num_qo_heads": axis(heads),
        "num_kv_heads": axis(key_heads),
        "head_dim": axis(d),
        "page_size": axis(page),
        "num_pages": axis(),
        "len_indptr": axis(),
        "num_kv_indices": axis(),
        **({"batch_size": axis()} if prefill and length else {}),
    }
    inputs = {
        "q": tensor(total, "num_qo_heads", "head_dim"),
        "k_cache": tensor("num_pages", "page_size", "num_kv_heads", "head_dim"),
        "v_cache": tensor("num_pages", "page_size", "num_kv_heads", "head_dim"),
        **({"qo_indptr": index("len_indptr")} if prefill else {}),
        "kv_indptr": index("len_indptr"),
        "kv_indices": index("num_kv_indices"),
        **({"kv_last_page_len": index("batch_size")} if length else {}),
        "sm_scale": scalar(),
    }
    kind = "prefill_causal" if prefill else "decode"
    return {
        "name": f"gqa_paged_{kind}_h{heads}_kv{key_heads}_d{d}_ps{page}",
        "op_type": "gqa_paged",
        "tags": ["status:verified"],
        "axes": axes,
        "constraints": ["num_kv_indices == kv_indptr[-1].item()"],
        "inputs": inputs,
        "outputs": {"output": tensor(total, "num_qo_heads", "head_dim"), "lse": tensor(total, "num_qo_heads", dtype="float32")},
        "reference": source,
    }


def gqa_ragged(heads=4, key_heads=2, d=8):
    source = HEAD + ATTEND + '''@torch.no_grad()
def run(q, k, v, qo_indptr, kv_indptr, sm_scale):
    output = torch.zeros(q.shape[0], q.shape[1], v.shape[2], dtype=q.dtype)
    lse = torch.full(q.shape[:2], float("-inf"), dtype=torch.float32)
    for b in range(len(kv_indptr) - 1):
        i, j, s, t = int(qo_indptr[b]), int(qo_indptr[b + 1]), int(kv_indptr[b]), int(kv_indptr[b + 1])
        output[i:j], lse[i:j] = attend(q[i:j], k[s:t], v[s:t], float(sm_scale), True)
    return output, lse
'''
    return {
        "name": f"gqa_ragged_prefill_causal_h{heads}_kv{key_heads}_d{d}",
        "op_type": "gqa_ragged",
        "axes": {
            "num_qo_heads": axis(heads),
            "num_kv_heads": axis(key_heads),
            "head_dim": axis(d),
            "len_indptr": axis(),
            "total_q": axis(),
            "total_kv": axis(),
        },
        "constraints": ["total_q == qo_indptr[-1].item()", "total_kv == kv_indptr[-1].item()"],
        "inputs": {
            "q": tensor("total_q", "num_qo_heads", "head_dim"),
            "k": tensor("total_kv", "num_kv_heads", "head_dim"),
            "v": tensor("total_kv", "num_kv_heads", "head_dim"),
            "qo_indptr": index("len_indptr"),
            "kv_indptr": index("len_indptr"),
            "sm_scale": scalar(),
        },
        "outputs": {"output": tensor("total_q", "num_qo_heads", "head_dim"), "lse": tensor("total_q", "num_qo_heads", dtype="float32")},
        "reference": source,
    }


def mla_paged(page=1, heads=4, ckv=8, kpe=4):
    length = page > 1
    source = HEAD + ATTEND + GATHER + f'''@torch.no_grad()
def run(q_nope, q_pe, ckv_cache, kpe_cache, kv_indptr, kv_indices, {"kv_last_page_len, " if length else ""}sm_scale):
    output = torch.zeros(q_nope.shape, dtype=q_nope.dtype)
    lse = torch.full(q_nope.shape[:2], float("-inf"), dtype=torch.float32)
    for b in range(len(kv_indptr) - 1):
        pages = kv_indices[int(kv_indptr[b]) : int(kv_indptr[b + 1])]
        if len(pages) == 0:
            continue
        last = {"int(kv_last_page_len[b])" if length else "1"}
        latent, rotated = tokens(ckv_cache, pages, last), tokens(kpe_cache, pages, last)
        q = torch.cat([q_nope[b : b + 1], q_pe[b : b + 1]], -1)
        output[b : b + 1], lse[b : b + 1] = attend(q, torch.cat([latent, rotated], -1)[:, None], latent[:, None], float(sm_scale), False)
    return output, lse
'''
    return {
        "name": f"mla_paged_decode_h{heads}_ckv{ckv}_kpe{kpe}_ps{page}",
        "op_type": "mla_paged",
        "axes": {
            "batch_size": axis(),
            "num_qo_heads": axis(heads),
            "head_dim_ckv": axis(ckv),
            "head_dim_kpe": axis(kpe),
            "page_size": axis(page),
            "num_pages": axis(),
            "len_indptr": axis(),
            "num_kv_indices": axis(),
        },
        "constraints": ["len_indptr == batch_size + 1"],
        "inputs": {
            "q_nope": tensor("batch_size", "num_qo_heads", "head_dim_ckv"),
            "q_pe": tensor("batch_size", "num_qo_heads", "head_dim_kpe"),
            "ckv_cache": tensor("num_pages", "page_size", "head_dim_ckv"),
            "kpe_cache": tensor("num_pages", "page_size", "head_dim_kpe"),
            "kv_indptr": index("len_indptr"),
            "kv_indices": index("num_kv_indices"),
            **({"kv_last_page_len": index("batch_size")} if length else {}),
            "sm_scale": scalar(),
        },
        "outputs": {"output": tensor("batch_size", "num_qo_heads", "head_dim_ckv"), "lse": tensor("batch_size", "num_qo_heads", dtype="float32")},
        "reference": source,
    }


def dsa_sparse(page=1, heads=4, ckv=8, kpe=4, topk=4):
    source = HEAD + ATTEND + '''@torch.no_grad()
def run(q_nope, q_pe, ckv_cache, kpe_cache, sparse_indices, sm_scale):
    latent, rotated = ckv_cache.flatten(0, 1), kpe_cache.flatten(0, 1)
    output = torch.zeros(q_nope.shape, dtype=q_nope.dtype)
    lse = torch.full(q_nope.shape[:2], float("-inf"), dtype=torch.float32)
    for t in range(q_nope.shape[0]):
        rows = sparse_indices[t][sparse_indices[t] != -1].long()
        q = torch.cat([q_nope[t : t + 1], q_pe[t : t + 1]], -1)
        k = torch.cat([latent[rows], rotated[rows]], -1)[:, None]
        output[t : t + 1], lse[t : t + 1] = attend(q, k, latent[rows][:, None], float(sm_scale), False)
    return output, lse
'''
    return {
        "name": f"dsa_sparse_attention_h{heads}_ckv{ckv}_kpe{kpe}_topk{topk}_ps{page}",
        "op_type": "dsa_paged",
        "axes": {
            "num_tokens": axis(),
            "num_qo_heads": axis(heads),
            "head_dim_ckv": axis(ckv),
            "head_dim_kpe": axis(kpe),
            "page_size": axis(page),
            "topk": axis(topk),
            "num_pages": axis(),
        },
        "inputs": {
            "q_nope": tensor("num_tokens", "num_qo_heads", "head_dim_ckv"),
            "q_pe": tensor("num_tokens", "num_qo_heads", "head_dim_kpe"),
            "ckv_cache": tensor("num_pages", "page_size", "head_dim_ckv"),
            "kpe_cache": tensor("num_pages", "page_size", "head_dim_kpe"),
            "sparse_indices": index("num_tokens", "topk"),
            "sm_scale": scalar(),
        },
        "outputs": {"output": tensor("num_tokens", "num_qo_heads", "head_dim_ckv"), "lse": tensor("num_tokens", "num_qo_heads", dtype="float32")},
        "reference": source,
    }


def gdn_prefill(heads=2, value_heads=4, d=8):
    source = HEAD + '''@torch.no_grad()
def run(q, k, v, state, A_log, a, dt_bias, b, cu_seqlens, scale):
    ratio = v.shape[1] // q.shape[1]
    q, k = q.float().repeat_interleave(ratio, 1), k.float().repeat_interleave(ratio, 1)
    decay = torch.exp(-torch.exp(A_log.float()) * torch.nn.functional.softplus(a.float() + dt_bias.float()))
    beta = torch.sigmoid(b.float())
    output = torch.zeros(v.shape, dtype=v.dtype)
    new_state = state.float().clone()
    for s in range(len(cu_seqlens) - 1):
        now = state[s].float()
        for t in range(int(cu_seqlens[s]), int(cu_seqlens[s + 1])):
            now = now * decay[t][:, None, None]
            read = torch.einsum("hvk,hk->hv", now, k[t])
            now = now + torch.einsum("hv,hk->hvk", beta[t][:, None] * (v[t].float() - read), k[t])
            output[t] = (float(scale) * torch.einsum("hvk,hk->hv", now, q[t])).to(output.dtype)
        new_state[s] = now
    return output, new_state
'''
    return {
        "name": f"gdn_prefill_qk{heads}_v{value_heads}_d{d}",
        "op_type": "gdn",
        "axes": {
            "total_seq_len": axis(),
            "num_seqs": axis(),
            "num_q_heads": axis(heads),
            "num_k_heads": axis(heads),
            "num_v_heads": axis(value_heads),
            "head_size": axis(d),
            "len_cu_seqlens": axis(),
        },
        "constraints": ["num_v_heads % num_q_heads == 0", "num_k_heads == num_q_heads"],
        "inputs": {
            "q": tensor("total_seq_len", "num_q_heads", "head_size"),
            "k": tensor("total_seq_len", "num_k_heads", "head_size"),
            "v": tensor("total_seq_len", "num_v_heads", "head_size"),
            "state": tensor("num_seqs", "num_v_heads", "head_size", "head_size", dtype="float32"),
            "A_log": tensor("num_v_heads", dtype="float32"),
            "a": tensor("total_seq_len", "num_v_heads"),
            "dt_bias": tensor("num_v_heads", dtype="float32"),
            "b": tensor("total_seq_len", "num_v_heads"),
            "cu_seqlens": tensor("len_cu_seqlens", dtype="int64"),
            "scale": scalar(),
        },
        "outputs": {
            "output": tensor("total_seq_len", "num_v_heads", "head_size"),
            "new_state": tensor("num_seqs", "num_v_heads", "head_size", "head_size", dtype="float32"),
        },
        "reference": source,
    }


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


def clean():
    """Definitions in which nothing is wrong, by name."""
    bench = [
        gqa_paged(),
        gqa_paged(64),
        gqa_paged(1, True),
        gqa_paged(64, True),
        gqa_ragged(),
        mla_paged(),
        mla_paged(64),
        dsa_sparse(),
        dsa_sparse(64),
        gdn_prefill(),
    ]
    return {f"{d['name']}.{dialect}": made for d in bench for dialect, made in (("bench", d), ("dump", as_dump(d)))}


def changed(definition, change):
    d = copy.deepcopy(definition)
    change(d)
    return d


def _set(path, value):
    def change(d):
        *folders, last = path.split(".")
        for folder in folders:
            d = d[folder]
        d[last] = value

    return change


def _without(path):
    def change(d):
        *folders, last = path.split(".")
        for folder in folders:
            d = d[folder]
        del d[last]

    return change


def _source(old, new):
    def change(d):
        assert old in d["reference"], old
        d["reference"] = d["reference"].replace(old, new)

    return change


def _both(*changes):
    def change(d):
        for one in changes:
            one(d)

    return change


UNGUARDED = '''@torch.no_grad()
def run(q, k, v, qo_indptr, kv_indptr, sm_scale):
    output = torch.zeros(q.shape, dtype=q.dtype)
    lse = torch.full(q.shape[:2], float("-inf"), dtype=torch.float32)
    for b in range(len(kv_indptr) - 1):
        i, j, s, t = int(qo_indptr[b]), int(qo_indptr[b + 1]), int(kv_indptr[b]), int(kv_indptr[b + 1])
        if i >= j or s >= t:
            continue
        h = q.shape[1] // k.shape[1]
        scores = torch.einsum("qhd,khd->qhk", q[i:j].float(), k[s:t].float().repeat_interleave(h, 1)) * float(sm_scale)
        hidden = torch.arange(t - s)[None, :] > torch.arange(j - i)[:, None] + (t - s) - (j - i)
        scores = scores.masked_fill(hidden[:, None, :], float("-inf"))
        lse[i:j] = torch.logsumexp(scores, -1) / math.log(2.0)
        output[i:j] = torch.einsum("qhk,khd->qhd", torch.softmax(scores, -1), v[s:t].float().repeat_interleave(h, 1)).to(q.dtype)
    return output, lse
'''


def merge_state():
    source = HEAD + '''@torch.no_grad()
def run(v_a, s_a, v_b, s_b):
    top = torch.maximum(s_a, s_b)
    a, b = torch.exp2(s_a - top), torch.exp2(s_b - top)
    return (a[..., None] * v_a + b[..., None] * v_b) / (a + b)[..., None], top + torch.log2(a + b)
'''
    state, weight = tensor("seq_len", "num_heads", "head_dim", dtype="float32"), tensor("seq_len", "num_heads", dtype="float32")
    return {
        "name": "merge_state_h4_d8",
        "op_type": "cascade_merge",
        "axes": {"seq_len": axis(), "num_heads": axis(4), "head_dim": axis(8)},
        "inputs": {"v_a": state, "s_a": weight, "v_b": state, "s_b": weight},
        "outputs": {"v_merged": state, "s_merged": weight},
        "reference": source,
    }


def planted():
    """(rule, Definition) by what was planted. Every other rule must stay silent."""
    bench, dump = gqa_paged(64), as_dump(gqa_paged(64))
    ragged = gqa_ragged()
    return {
        "an axis that is not declared": ("schema", changed(bench, _set("inputs.q.shape", ["batch_size", "num_heads", "head_dim"]))),
        "a dtype of the other dialect": ("schema", changed(bench, _set("inputs.kv_indices.dtype", "unknown"))),
        "a size that is a string": ("schema", changed(ragged, _set("axes.head_dim", {"type": "const", "value": "8"}))),
        "an input that is an output too": ("schema", changed(merge_state_guarded(), lambda d: d["outputs"].update(v_a=d["inputs"]["v_a"], s_a=d["inputs"]["s_a"]) or [d["outputs"].pop(k) for k in ("v_merged", "s_merged")])),
        "no function run": ("schema", changed(bench, _source("def run(", "def attention("))),
        "a reference that does not parse": ("schema", changed(bench, _source("for b in", "for b on"))),
        "a constraint that does not parse": ("schema", changed(bench, _set("constraints", ["num_kv_indices =="]))),
        "an input more than arguments": ("call-order", changed(bench, _set("inputs.return_lse", scalar("int32")))),
        "an input more than arguments, by keyword": ("call-order", changed(dump, _set("inputs.return_lse", {**scalar("int32"), "optional": True}))),
        "an argument more than inputs": ("call-order", changed(bench, _without("inputs.sm_scale"))),
        "an argument more than inputs, by keyword": ("call-order", changed(dump, _without("inputs.sm_scale"))),
        "two inputs in the other order": ("call-order", changed(bench, lambda d: d.update(inputs={k: d["inputs"][k] for k in ("q", "v_cache", "k_cache", *list(d["inputs"])[3:])}))),
        "an output more than results": ("call-order", changed(bench, _set("outputs.max", tensor("batch_size", "num_qo_heads", dtype="float32")))),
        "an axis that no input has": ("unbound-axis", changed(gqa_paged(64, True), _both(_set("inputs.kv_last_page_len.shape", ["total_q"])))),
        "pages without a length": ("page-length", changed(bench, _both(_without("inputs.kv_last_page_len"), _source("kv_last_page_len, sm_scale", "sm_scale"), _source("int(kv_last_page_len[b])", "k_cache.shape[1]")))),
        "pages without a length, by keyword": ("page-length", changed(dump, _both(_without("inputs.kv_last_page_len"), _source("kv_last_page_len, sm_scale", "sm_scale"), _source("int(kv_last_page_len[b])", "k_cache.shape[1]")))),
        "an optional output that is always there": ("optional-output", changed(dump, _set("outputs.lse.optional", True))),
        "a switch that switches nothing": ("optional-output", changed(dump, _both(_set("outputs.lse.optional", True), _set("inputs.return_lse", {**scalar("int32"), "optional": True}), _source("sm_scale):", "sm_scale, return_lse=False):")))),
        "rows that see nothing": ("empty-row", changed(ragged, _set("reference", HEAD + UNGUARDED))),
        "rows that see nothing, by keyword": ("empty-row", changed(as_dump(ragged), _set("reference", HEAD + UNGUARDED.replace("def run(", "def _reference(")))),
        "two empty parts merged": ("empty-row", merge_state()),
        "a helper that is not there": ("free-name", changed(bench, _source(GATHER, ""))),
        "a module that is not imported": ("free-name", changed(dump, _source("import math\n", ""))),
        "a helper of init that is not there": ("free-name", changed(dump, _set("init", "def _init(*, seed=0, device='cpu', **axes):\n    return make_inputs(axes, seed)\n"))),
        "heads that do not divide": ("constants", {**gqa_paged(64, heads=24, key_heads=128), "name": "gqa_paged_decode"}),
        "a constraint that is false": ("constants", changed(gdn_prefill(), _set("constraints", ["num_v_heads >= 2 * num_q_heads", "num_k_heads + 1 == num_q_heads"]))),
        "a name that says another page": ("constants", changed(bench, _set("name", "gqa_paged_decode_h4_kv2_d8_ps16"))),
        "no reference": ("no-reference", changed(dump, _without("reference"))),
        "an empty reference": ("no-reference", changed(bench, _set("reference", ""))),
    }


def merge_state_guarded():
    return changed(merge_state(), _source("top = torch.maximum(s_a, s_b)", "top = torch.nan_to_num(torch.maximum(s_a, s_b), neginf=0.0)"))
