"""Definitions with one defect each, which an audit must find."""

from definitions import gqa_paged, gqa_ragged
from states import gdn_prefill, merge_state, merge_state_guarded, merge_states_guarded
from pieces import HEAD, GATHER, as_dump, axis, changed, scalar, tensor


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
        "many empty parts merged": ("empty-row", changed(merge_states_guarded(), _source("top = torch.nan_to_num(s.amax(1), neginf=0.0)", "top, _ = s.max(dim=1)"))),
        "an option that is no input": ("hidden-option", changed(dump, _both(_source("sm_scale):", "sm_scale, **kwargs):"), _source("False)", "kwargs.get('causal', False))")))),
        "a helper that is not there": ("free-name", changed(bench, _source(GATHER, ""))),
        "a module that is not imported": ("free-name", changed(dump, _source("import math\n", ""))),
        "a helper of init that is not there": ("free-name", changed(dump, _set("init", "def _init(*, seed=0, device='cpu', **axes):\n    return make_inputs(axes, seed)\n"))),
        "heads that do not divide": ("constants", {**gqa_paged(64, heads=24, key_heads=128), "name": "gqa_paged_decode"}),
        "a constraint that is false": ("constants", changed(gdn_prefill(), _set("constraints", ["num_v_heads >= 2 * num_q_heads", "num_k_heads + 1 == num_q_heads"]))),
        "a name that says another page": ("constants", changed(bench, _set("name", "gqa_paged_decode_h4_kv2_d8_ps16"))),
        "no reference": ("no-reference", changed(dump, _without("reference"))),
        "an empty reference": ("no-reference", changed(bench, _set("reference", ""))),
    }
