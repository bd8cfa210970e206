"""Definitions of attention on pages, on packed sequences and on latent rows."""

from pieces import ATTEND, GATHER, HEAD, axis, index, scalar, tensor

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
