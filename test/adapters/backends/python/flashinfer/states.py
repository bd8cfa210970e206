"""Definitions of the gated delta rule, whole sequences and one token after the other, and of the merge of results."""

from pieces import HEAD, axis, changed, index, scalar, tensor


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


def gdn_decode(heads=2, value_heads=4, d=8):
    def change(found):
        for name in ("q", "k", "v", "a", "b"):
            found["inputs"][name]["shape"] = ["batch_size", "seq_len", *found["inputs"][name]["shape"][1:]]
        found["inputs"]["state"].update(shape=["batch_size", *found["inputs"]["state"]["shape"][1:]])
        del found["inputs"]["cu_seqlens"], found["axes"]["total_seq_len"], found["axes"]["num_seqs"], found["axes"]["len_cu_seqlens"]
        found["axes"].update(batch_size=axis(), seq_len=axis(1))
        found["outputs"]["output"]["shape"] = ["batch_size", "seq_len", "num_v_heads", "head_size"]
        found["outputs"]["new_state"]["shape"] = ["batch_size", "num_v_heads", "head_size", "head_size"]
        found["name"] = f"gdn_decode_qk{heads}_v{value_heads}_d{d}"
        found["reference"] = HEAD + '''@torch.no_grad()
def run(q, k, v, state, A_log, a, dt_bias, b, scale):
    ratio = v.shape[2] // q.shape[2]
    q, k = q[:, 0].float().repeat_interleave(ratio, 1), k[:, 0].float().repeat_interleave(ratio, 1)
    decay = torch.exp(-torch.exp(A_log.float()) * torch.nn.functional.softplus(a[:, 0].float() + dt_bias.float()))
    now = state.float() * decay[..., None, None]
    read = torch.einsum("bhvk,bhk->bhv", now, k)
    now = now + torch.einsum("bhv,bhk->bhvk", torch.sigmoid(b[:, 0].float())[..., None] * (v[:, 0].float() - read), k)
    return (float(scale) * torch.einsum("bhvk,bhk->bhv", now, q))[:, None].to(v.dtype), now
'''

    return changed(gdn_prefill(heads, value_heads, d), change)


def gdn_pool(heads=2, value_heads=4, d=8, tokens=None):
    """Some tokens of each sequence, whose state lies in a pool."""

    def change(found):
        for name in ("q", "k", "v", "a", "b"):
            found["inputs"][name]["shape"] = ["batch_size", "seq_len", *found["inputs"][name]["shape"][1:]]
        inputs = {}
        for name, given in found["inputs"].items():
            if name == "state":
                inputs.update(initial_state=tensor("pool_size", *given["shape"][1:], dtype="float32"), initial_state_indices=index("batch_size"))
            elif name != "cu_seqlens":
                inputs[name] = given
        found["inputs"] = inputs
        del found["axes"]["total_seq_len"], found["axes"]["num_seqs"], found["axes"]["len_cu_seqlens"]
        found["axes"].update(batch_size=axis(), seq_len=axis(tokens), pool_size=axis())
        found["outputs"] = {
            "output": tensor("batch_size", "seq_len", "num_v_heads", "head_size"),
            "final_state": tensor("pool_size", "num_v_heads", "head_size", "head_size", dtype="float32"),
        }
        found["name"] = f"gdn_mtp_qk{heads}_v{value_heads}_d{d}{f'_t{tokens}' if tokens else ''}"
        found["reference"] = HEAD + '''@torch.no_grad()
def run(q, k, v, initial_state, initial_state_indices, A_log, a, dt_bias, b, scale):
    ratio = v.shape[2] // q.shape[2]
    q, k = q.float().repeat_interleave(ratio, 2), k.float().repeat_interleave(ratio, 2)
    decay = torch.exp(-torch.exp(A_log.float()) * torch.nn.functional.softplus(a.float() + dt_bias.float()))
    beta = torch.sigmoid(b.float())
    output = torch.zeros(v.shape, dtype=v.dtype)
    final_state = initial_state.float().clone()
    for s, place in enumerate(initial_state_indices.tolist()):
        now = initial_state[place].float()
        for t in range(q.shape[1]):
            now = now * decay[s, t][:, None, None]
            read = torch.einsum("hvk,hk->hv", now, k[s, t])
            now = now + torch.einsum("hv,hk->hvk", beta[s, t][:, None] * (v[s, t].float() - read), k[s, t])
            output[s, t] = (float(scale) * torch.einsum("hvk,hk->hv", now, q[s, t])).to(output.dtype)
        final_state[place] = now
    return output, final_state
'''

    return changed(gdn_prefill(heads, value_heads, d), change)


def kda_prefill(heads=2, value_heads=4, d=8):
    """A gate for each channel, as a logarithm; a state before the first tokens may be left out."""

    def change(found):
        inputs = {name: found["inputs"][name] for name in ("q", "k", "v")}
        inputs["state"] = {**found["inputs"]["state"], "optional": True}
        inputs["g"] = tensor("total_seq_len", "num_v_heads", "head_size", dtype="float32")
        found["inputs"] = {**inputs, **{name: found["inputs"][name] for name in ("b", "cu_seqlens", "scale")}}
        found["name"] = f"kda_prefill_qk{heads}_v{value_heads}_d{d}"
        found["op_type"] = "kda"
        found["constraints"] += ["len_cu_seqlens == num_seqs + 1"]
        found["reference"] = HEAD + '''@torch.no_grad()
def run(q, k, v, state, g, b, cu_seqlens, scale):
    ratio = v.shape[1] // q.shape[1]
    q, k = q.float().repeat_interleave(ratio, 1), k.float().repeat_interleave(ratio, 1)
    output = torch.zeros(v.shape, dtype=v.dtype)
    segments = len(cu_seqlens) - 1
    new_state = torch.zeros(segments, v.shape[1], v.shape[2], q.shape[2]) if state is None else state.float().clone()
    for s in range(segments):
        now = new_state[s]
        for t in range(int(cu_seqlens[s]), int(cu_seqlens[s + 1])):
            now = now * g[t].exp()[:, None, :]
            read = torch.einsum("hvk,hk->hv", now, k[t])
            now = now + torch.einsum("hv,hk->hvk", b[t].float()[:, None] * (v[t].float() - read), k[t])
            output[t] = (float(scale) * torch.einsum("hvk,hk->hv", now, q[t])).to(output.dtype)
        new_state[s] = now
    return output, new_state
'''

    return changed(gdn_prefill(heads, value_heads, d), change)


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


def merge_state_guarded():
    def guard(d):
        d["reference"] = d["reference"].replace("torch.maximum(s_a, s_b)", "torch.nan_to_num(torch.maximum(s_a, s_b), neginf=0.0)")
        d["reference"] = d["reference"].replace("/ (a + b)[..., None]", "/ (a + b).clamp(min=1e-37)[..., None]")

    return changed(merge_state(), guard)


def merge_states_guarded():
    source = HEAD + '''@torch.no_grad()
def run(v, s):
    top = torch.nan_to_num(s.amax(1), neginf=0.0)
    weights = torch.exp2(s - top[:, None])
    total = weights.sum(1)
    return (weights[..., None] * v).sum(1) / total.clamp(min=1e-37)[..., None], top + torch.log2(total)
'''
    parts, weights = tensor("seq_len", "num_states", "num_heads", "head_dim", dtype="float32"), tensor("seq_len", "num_states", "num_heads", dtype="float32")
    return {
        **merge_state(),
        "name": "merge_states_h4_d8",
        "axes": {"seq_len": axis(), "num_states": axis(), "num_heads": axis(4), "head_dim": axis(8)},
        "inputs": {"v": parts, "s": weights},
        "reference": source,
    }


def merge_state_into():
    """One part is written into, where a mask says so: as flashinfer alone has it."""

    def change(d):
        state, weight = d["inputs"]["v_a"], d["inputs"]["s_a"]
        d["inputs"] = {"v": state, "s": weight, "v_other": state, "s_other": weight, "mask": {**tensor("seq_len", dtype="unknown"), "optional": True}}
        d["outputs"] = {"v": state, "s": weight}
        d["name"] = "merge_state_in_place_h4_d8"
        d["reference"] = HEAD + '''@torch.no_grad()
def _merge_reference(v, s, v_other, s_other, mask=None):
    top = torch.nan_to_num(torch.maximum(s, s_other), neginf=0.0)
    a, b = torch.exp2(s - top), torch.exp2(s_other - top)
    if mask is not None:
        b = b * mask.bool()[:, None]
        top, a = torch.where(mask.bool()[:, None], top, s.nan_to_num(neginf=0.0)), torch.where(mask.bool()[:, None], a, (s > -torch.inf).float())
    merged = (a[..., None] * v + b[..., None] * v_other) / (a + b).clamp(min=1e-37)[..., None]
    v.copy_(merged)
    s.copy_(top + torch.log2(a + b))
'''
        d["tags"] = ["fi_api:flashinfer.merge_state_in_place", "status:verified"]

    return changed(merge_state(), change)
