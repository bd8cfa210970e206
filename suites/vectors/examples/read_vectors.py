"""Reads vectors of `attn-cts vectors` and holds a kernel to them. Needs NumPy alone. Usage: python3 read_vectors.py DIR"""
import json, pathlib, sys
import numpy as np

DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I32": "<i4", "I8": "<i1", "U8": "<u1", "BOOL": "?"}  # bf16 as raw bits


def read_safetensors(path):
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    case = json.loads(header.pop("__metadata__")["case"])
    at = lambda t: data[start + t["data_offsets"][0] : start + t["data_offsets"][1]]
    return case, {name: np.frombuffer(at(t), DTYPES[t["dtype"]]).reshape(t["shape"]) for name, t in header.items()}


def worst(actual, expected, bound):
    """Largest error ÷ bound; above 1 is wrong. An infinite bound decides nothing."""
    actual = actual.astype("f8")
    same = (actual == expected) | (np.isnan(actual) & np.isnan(expected))
    with np.errstate(invalid="ignore"):  # −∞ from −∞: an empty row
        error = np.where(same, 0, np.abs(actual - expected))
    return np.max(np.where(same | np.isinf(bound), 0, np.where(error <= bound, error / (bound + 1e-300), np.inf)), initial=0)


def kernel(case, t):
    """Put your own here: o and lse of one forward call. This one knows masks as a tensor, scale, softcap and sink."""
    options, d = case["options"], case["dims"]["d"]
    q, k, v = (t[name].astype("f8") for name in "qkv")
    k, v = (np.repeat(x, q.shape[1] // k.shape[1], axis=1) for x in (k, v))  # query head h reads key head h div g
    s = options.get("scale", d**-0.5) * (q @ k.swapaxes(2, 3))
    if "softcap" in options:
        s = options["softcap"] * np.tanh(s / options["softcap"])
    if "mask" in t:
        s = np.where(t["mask"], s, -np.inf)
    sink = t["sink"].astype("f8")[None, :, None, None] if "sink" in t else np.full((1, 1, 1, 1), -np.inf)
    top = np.maximum(s.max(axis=3, keepdims=True, initial=-np.inf), sink)
    p = np.exp(s - np.where(np.isinf(top), 0, top))
    total = p.sum(axis=3, keepdims=True) + np.exp(sink - np.where(np.isinf(top), 0, top))
    with np.errstate(divide="ignore"):
        return {"o": (p / np.where(total == 0, 1, total)) @ v, "lse": (np.log(total) + np.where(np.isinf(top), 0, top))[..., 0]}


if __name__ == "__main__":
    folder, wrong = pathlib.Path(sys.argv[1]), 0
    vectors = [x for x in json.loads((folder / "index.json").read_text())["vectors"] if x["pass"] == "forward"]
    for x in vectors:
        case, tensors = read_safetensors(folder / x["file"])
        outputs = kernel(case, tensors)
        ratio = max(worst(y.astype("f4"), tensors[f"expected.{n}"], tensors[f"bound.{n}"]) for n, y in outputs.items())
        if ratio > 1:
            wrong += 1
            print(f"wrong: {x['check']} {x['file']} error ÷ bound {ratio:.3g} {json.dumps(x['case'])}")
    print(f"{len(vectors) - wrong} of {len(vectors)} vectors within their bounds")
    sys.exit(wrong > 0)
