"""Twelve Solutions of our own making for `gqa_paged(4)` and `gqa_ragged()`: right ones, ones that are wrong in a way that random numbers hardly show, and ones that cheat."""

from blocks import block_lists
from caches import fp8_combined, fp8_paged, latent_cache
from definitions import gqa_paged
from pieces import ATTEND, GATHER, HEAD
from states import gdn_pool, gdn_prefill, kda_prefill, merge_state_into

PAGED = gqa_paged(4)
BODY = PAGED["reference"].split("@torch.no_grad()\n")[1]
RIGHT = HEAD + ATTEND + GATHER + BODY

INTO = RIGHT + '''

def into(q, k_cache, v_cache, kv_indptr, kv_indices, kv_last_page_len, sm_scale, output, lse):
    o, s = run(q, k_cache, v_cache, kv_indptr, kv_indices, kv_last_page_len, sm_scale)
    output.copy_(o)
    lse.copy_(s)
'''


def solution(name, content, entry="run", into=False, definition=None, sources=None, language="python", **spec):
    return {
        "name": name,
        "definition": (definition or PAGED)["name"],
        "author": "us",
        "spec": {
            "language": language,
            "target_hardware": ["any"],
            "entry_point": f"main.py::{entry}",
            "dependencies": [],
            "destination_passing_style": into,
            **spec,
        },
        "sources": sources or [{"path": "main.py", "content": content}],
    }


def replaced(old, new, source=RIGHT):
    assert old in source, old
    return source.replace(old, new)


def twelve():
    """(status, Solution) by what it is."""
    split = [
        {"path": "main.py", "content": HEAD + "from parts.attend import attend\nfrom parts.gather import tokens\n\n\n" + BODY},
        {"path": "parts/__init__.py", "content": ""},
        {"path": "parts/attend.py", "content": HEAD + ATTEND},
        {"path": "parts/gather.py", "content": GATHER},
    ]
    cheat = HEAD + '''
def run(q, k_cache, v_cache, kv_indptr, kv_indices, kv_last_page_len, sm_scale):
    import sys
    frame = sys._getframe()
    while frame is not None:
        if "expected" in frame.f_locals:
            return frame.f_locals["expected"]
        frame = frame.f_back
    return torch.zeros(q.shape, dtype=q.dtype), torch.full(q.shape[:2], float("-inf"))
'''
    keeps = RIGHT.replace("def run(", "def whole(") + '''

seen = {}


def run(q, k_cache, v_cache, kv_indptr, kv_indices, kv_last_page_len, sm_scale):
    key = tuple(q.shape), tuple(k_cache.shape), tuple(kv_indices.shape)
    if key not in seen:
        seen[key] = whole(q, k_cache, v_cache, kv_indptr, kv_indices, kv_last_page_len, sm_scale)
    return seen[key]
'''
    writes = replaced("    output = torch.zeros(q.shape, dtype=q.dtype)\n", "    q *= 0.5\n    sm_scale = 2 * float(sm_scale)\n    output = torch.zeros(q.shape, dtype=q.dtype)\n")
    return {
        "right": ("PASSED", solution("right", RIGHT)),
        "right, into outputs": ("PASSED", solution("right-into", INTO, "into", True)),
        "right, in several files": ("PASSED", solution("right-split", "", sources=split)),
        "reads the whole last page": ("INCORRECT_NUMERICAL", solution("whole-page", replaced("last = int(kv_last_page_len[b])", "last = k_cache.shape[1]"))),
        "lse in base e": ("INCORRECT_NUMERICAL", solution("base-e", replaced(" / math.log(2.0)", ""))),
        "tiled heads": ("INCORRECT_NUMERICAL", solution("tiled", replaced("k.float().repeat_interleave(h // hk, 1), v.float().repeat_interleave(h // hk, 1)", "k.float().repeat(1, h // hk, 1), v.float().repeat(1, h // hk, 1)"))),
        "a scale of its own": ("INCORRECT_NUMERICAL", solution("own-scale", replaced("float(sm_scale)", "q.shape[-1] ** -0.5"))),
        "another dtype": ("INCORRECT_DTYPE", solution("float32", replaced("    return output, lse\n", "    return output.float(), lse\n", BODY).join([HEAD + ATTEND + GATHER, ""]))),
        "another shape": ("INCORRECT_SHAPE", solution("flat", replaced("    return output, lse\n", "    return output.flatten(1), lse\n", BODY).join([HEAD + ATTEND + GATHER, ""]))),
        "does not load": ("COMPILE_ERROR", solution("broken", RIGHT + "\n\ndef more(:\n    pass\n")),
        "leaves outputs as they are": ("INCORRECT_NUMERICAL", solution("untouched", INTO.replace("    lse.copy_(s)\n", ""), "into", True)),
        "looks for the answer": ("INCORRECT_NUMERICAL", solution("peeks", cheat)),
        "answers what it answered before": ("INCORRECT_NUMERICAL", solution("keeps", keeps)),
        "writes into its inputs": ("INCORRECT_NUMERICAL", solution("writes", writes)),
    }


def pairs():
    """(status, Solution, Definition) by what it is: of each further signature a right one and a wrong one."""

    def pair(d, what, old, new, entry="run"):
        source = d["reference"]
        return {
            f"{d['name']}, right": ("PASSED", solution("right", source, entry, definition=d), d),
            f"{d['name']}, {what}": ("INCORRECT_NUMERICAL", solution("wrong", replaced(old, new, source), entry, definition=d), d),
        }

    return {
        **pair(gdn_pool(), "the states in the order of the pool", "now = initial_state[place].float()", "now = initial_state[s].float()"),
        **pair(gdn_prefill(), "begins without the state", "now = state[s].float()", "now = torch.zeros_like(state[s])"),
        **pair(kda_prefill(), "one gate for all channels", "g[t].exp()[:, None, :]", "g[t].exp()[:, None, :1]"),
        **pair(gdn_pool(tokens=4), "a state of nobody's forgotten", "initial_state.float().clone()", "torch.zeros_like(initial_state)"),
        **pair(merge_state_into(), "the mask forgotten", "mask is not None", "False", "_merge_reference"),
        **pair(block_lists(), "causal from the top left", "query - i + (t - s) - (j - i) + 1", "query - i + 1"),
        **pair(latent_cache(), "no rotated part in the scores", "attend(query[b], k,", "attend(query[b, :, :, :kv_lora_rank], k[..., :kv_lora_rank],"),
        **pair(latent_cache(flat=True), "a new token sees those after it", "float(bmm1_scale), True)", "float(bmm1_scale), False)"),
        **pair(fp8_paged(), "values not scaled", "v * vs", "v"),
        **pair(fp8_paged(codes="e5m2"), "keys not scaled", "k * ks", "k"),
        **pair(fp8_paged(by_head=True), "every head scaled as the first", "vs = k_scale[:, None], v_scale[:, None]", "vs = k_scale[0], v_scale[0]"),
        **pair(fp8_combined(), "codes read as another type", "kv_cache.float()[", "kv_cache.view(torch.float8_e5m2).float()["),
    }
