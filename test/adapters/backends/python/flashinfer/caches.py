"""Definitions on caches that hold more than one thing: keys beside values, latent rows beside rotated ones, codes beside what they are worth."""

from definitions import gqa_paged
from pieces import ATTEND, HEAD, axis, changed, index, scalar, tensor


def combined_cache(page=16, heads_first=True, heads=4, key_heads=2, d=8):
    """Keys and values of a page in one tensor, its pages named by a table."""
    inner = ["num_kv_heads", "page_size"] if heads_first else ["page_size", "num_kv_heads"]
    source = HEAD + ATTEND + f'''@torch.no_grad()
def run(query, kv_cache, workspace_buffer, block_tables, seq_lens, max_seq_len, bmm1_scale, bmm2_scale):
    output = torch.zeros(query.shape, dtype=query.dtype)
    for b in range(len(seq_lens)):
        n = int(seq_lens[b])
        pages = kv_cache[block_tables[b].long()]{".transpose(2, 3)" if heads_first else ""}
        k, v = pages[:, 0].flatten(0, 1)[:n], pages[:, 1].flatten(0, 1)[:n]
        output[b] = (attend(query[b : b + 1], k, v, float(bmm1_scale), False)[0][0] * float(bmm2_scale)).to(output.dtype)
    return output
'''
    return {
        "name": f"combined_decode_h{heads}_kv{key_heads}_d{d}_ps{page}_{'hnd' if heads_first else 'nhd'}",
        "op_type": "gqa_paged",
        "axes": {
            "batch_size": axis(),
            "num_qo_heads": axis(heads),
            "num_kv_heads": axis(key_heads),
            "head_dim": axis(d),
            "page_size": axis(page),
            "kv_cache_dim": axis(2),
            "num_pages": axis(),
            "max_pages": axis(),
            "workspace_size": axis(),
        },
        "inputs": {
            "query": tensor("batch_size", "num_qo_heads", "head_dim"),
            "kv_cache": tensor("num_pages", "kv_cache_dim", *inner, "head_dim"),
            "workspace_buffer": tensor("workspace_size", dtype="int8"),
            "block_tables": index("batch_size", "max_pages"),
            "seq_lens": index("batch_size"),
            "max_seq_len": scalar("int32"),
            "bmm1_scale": scalar(),
            "bmm2_scale": scalar(),
        },
        "outputs": {"output": tensor("batch_size", "num_qo_heads", "head_dim")},
        "reference": source,
    }


def latent_cache(page=16, heads=4, ckv=8, kpe=4, flat=False):
    """Latent vectors and rotated parts in one row, for a few new tokens of each sequence, which do not see those after them."""
    source = HEAD + ATTEND + f'''@torch.no_grad()
def run(query, kv_cache, workspace_buffer, kv_lora_rank, qk_rope_head_dim, block_tables, seq_lens, max_seq_len, bmm1_scale, bmm2_scale):
    assert query.shape[-1] == kv_lora_rank + qk_rope_head_dim
    output = torch.zeros(*query.shape[:-1], kv_lora_rank, dtype=query.dtype)
    for b in range(len(seq_lens)):
        rows = kv_cache[block_tables[b].long()].reshape(-1, query.shape[-1])[: int(seq_lens[b])]
        k, v = rows[:, None], rows[:, None, :kv_lora_rank]
        output[b] = (attend(query[b], k, v, float(bmm1_scale), True)[0] * float(bmm2_scale)).to(output.dtype)
    return output
'''
    inner = ["page_size"] if flat else ["kv_pad_dim", "page_size"]
    return {
        "name": f"latent_decode_h{heads}_ckv{ckv}_kpe{kpe}_ps{page}{'_flat' if flat else ''}",
        "op_type": "mla_paged",
        "axes": {
            "batch_size": axis(),
            "q_len_per_request": axis(),
            "num_heads": axis(heads),
            "head_dim_qk": axis(ckv + kpe),
            "kv_lora_rank": axis(ckv),
            "qk_rope_head_dim": axis(kpe),
            "page_size": axis(page),
            "num_pages": axis(),
            **({} if flat else {"kv_pad_dim": axis()}),
            "max_pages": axis(),
            "workspace_size": axis(),
        },
        "inputs": {
            "query": tensor("batch_size", "q_len_per_request", "num_heads", "head_dim_qk"),
            "kv_cache": tensor("num_pages", *inner, "head_dim_qk"),
            "workspace_buffer": tensor("workspace_size", dtype="int8"),
            "kv_lora_rank": scalar("int32"),
            "qk_rope_head_dim": scalar("int32"),
            "block_tables": index("batch_size", "max_pages"),
            "seq_lens": index("batch_size"),
            "max_seq_len": scalar("int32"),
            "bmm1_scale": scalar(),
            "bmm2_scale": scalar(),
        },
        "outputs": {"output": tensor("batch_size", "q_len_per_request", "num_heads", "kv_lora_rank")},
        "reference": source,
    }


def fp8_paged(page=16, prefill=False, by_head=False, codes="e4m3fn"):
    """Pages of FP8 codes, with a factor for the tensor or one for each head."""

    def change(d):
        for name, of in (("k_scale", "k_cache"), ("v_scale", "v_cache")):
            d["inputs"][of]["dtype"] = f"float8_{codes}"
            d["inputs"][name] = tensor("num_kv_heads", dtype="float32") if by_head else scalar()
        last = "k_scale[:, None], v_scale[:, None]" if by_head else "float(k_scale), float(v_scale)"
        d["reference"] = (
            d["reference"]
            .replace("sm_scale):", "sm_scale, k_scale, v_scale):")
            .replace("tokens(k_cache, pages, last), tokens(v_cache, pages, last)", "tokens(k_cache.float(), pages, last), tokens(v_cache.float(), pages, last)")
            .replace("        output[begin:end], lse", f"        ks, vs = {last}\n        output[begin:end], lse")
            .replace(", k, v, float(sm_scale)", ", k * ks, v * vs, float(sm_scale)")
        )
        d["name"] = f"fp8_{d['name']}{'_by_head' if by_head else ''}{'' if codes == 'e4m3fn' else f'_{codes}'}"

    return changed(gqa_paged(page, prefill), change)


def fp8_combined(page=16):
    """A combined cache of codes: what they are worth is in the factors of scores and output."""

    def change(d):
        d["inputs"]["kv_cache"]["dtype"] = "float8_e4m3fn"
        d["reference"] = d["reference"].replace("kv_cache[block", "kv_cache.float()[block")
        d["name"] = f"fp8_{d['name']}"

    return changed(combined_cache(page), change)
