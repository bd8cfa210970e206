"""Definitions of attention over the blocks of keys that a list names."""

from pieces import HEAD, axis, changed, index, scalar, tensor


def block_lists(heads=4, key_heads=2, d=8, topk=4, block=4):
    source = HEAD + f'''@torch.no_grad()
def run(q, k, v, q2k_indices, cu_seqlens_q, cu_seqlens_k, causal, softmax_scale):
    BLK_KV = {block}
    ratio = q.shape[1] // k.shape[1]
    output = torch.zeros(q.shape[0], q.shape[1], v.shape[2], dtype=q.dtype)
    for b in range(len(cu_seqlens_k) - 1):
        i, j, s, t = int(cu_seqlens_q[b]), int(cu_seqlens_q[b + 1]), int(cu_seqlens_k[b]), int(cu_seqlens_k[b + 1])
        for query in range(i, j):
            end = query - i + (t - s) - (j - i) + 1 if causal else t - s
            for h in range(q.shape[1]):
                named = set(q2k_indices[h // ratio, query].tolist())
                keys = [s + at for at in range(min(end, t - s)) if at // BLK_KV in named]
                if not keys:
                    continue
                scores = k[keys, h // ratio].float() @ q[query, h].float() * float(softmax_scale)
                output[query, h] = (torch.softmax(scores, -1) @ v[keys, h // ratio].float()).to(q.dtype)
    return output
'''
    return {
        "name": f"block_lists_h{heads}_kv{key_heads}_d{d}_topk{topk}",
        "op_type": "sparse",
        "axes": {
            "total_q": axis(),
            "total_k": axis(),
            "num_qo_heads": axis(heads),
            "num_kv_heads": axis(key_heads),
            "head_dim": axis(d),
            "topk": axis(topk),
            "len_indptr": axis(),
        },
        "inputs": {
            "q": tensor("total_q", "num_qo_heads", "head_dim"),
            "k": tensor("total_k", "num_kv_heads", "head_dim"),
            "v": tensor("total_k", "num_kv_heads", "head_dim"),
            "q2k_indices": index("num_kv_heads", "total_q", "topk"),
            "cu_seqlens_q": index("len_indptr"),
            "cu_seqlens_k": index("len_indptr"),
            "causal": scalar("bool"),
            "softmax_scale": scalar(),
        },
        "outputs": {"output": tensor("total_q", "num_qo_heads", "head_dim")},
        "reference": source,
    }


def block_lists_decode():
    """The same, every sequence with as many queries as a number says."""

    def change(d):
        d["inputs"] = {("seqlen_q" if name == "cu_seqlens_q" else name): given for name, given in d["inputs"].items()}
        d["inputs"]["seqlen_q"] = scalar("int32")
        d["reference"] = d["reference"].replace("cu_seqlens_q, cu", "seqlen_q, cu").replace("int(cu_seqlens_q[b]), int(cu_seqlens_q[b + 1])", "b * int(seqlen_q), (b + 1) * int(seqlen_q)")
        d["name"] = d["name"].replace("lists", "lists_decode")

    return changed(block_lists(), change)
