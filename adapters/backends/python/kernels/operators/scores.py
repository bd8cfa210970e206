"""Other scores, and other weights of them than a softmax."""

from __future__ import annotations

import torch
from attn_cts import kernel
from lib import CLAIMS, ahead, attention, pairs, shared, softmax, softplus, visible


@kernel(operators=["gmm"], outputs=["o", "end"], **{**CLAIMS, "gradients": ["weight", "step", "width", "v", "start"]})
def gmm(weight, step, width, v, start=None, mask=None, causal=False):
    """Mixtures of t Gaussians, [b, h, m, t], over the places of the keys."""
    means = torch.cumsum(softplus(step), 2) + (0.0 if start is None else start[:, :, None])
    spread = softplus(width)[..., None]
    places = torch.arange(v.shape[2], dtype=v.dtype, device=v.device)
    bumps = torch.exp(-((places - means[..., None]) ** 2) / (2 * spread**2)) / ((2 * torch.pi) ** 0.5 * spread)
    weights = torch.einsum("bhmt,bhmtn->bhmn", torch.softmax(weight, -1), bumps)
    return weights.masked_fill(~visible(weights, mask, causal), 0) @ shared(v, weight), means[:, :, -1]


@kernel(operators=["neural-attention"], outputs=["o", "lse"], **CLAIMS)
def neural_attention(q, k, v, wq, wk, b1, w2, b2, w3, mask=None, causal=False):
    wq, wk, w2 = (shared(w[None], q) for w in (wq, wk, w2))
    b1, b2, w3 = (shared(w[None], q)[:, :, None, None] for w in (b1, b2, w3))
    first = torch.relu((q @ wq)[:, :, :, None] + (shared(k, q) @ wk)[:, :, None] + b1)
    scores = (torch.relu(first @ w2[:, :, None] + b2) * w3).sum(-1)
    weights, lse = softmax(scores, visible(scores, mask, causal))
    return weights @ shared(v, q), lse


@kernel(operators=["polynomial"], **CLAIMS)
def polynomial(q, k, v, mask=None, causal=False, degree=4, normalizationBias=1.0):
    scores = pairs(q, k)
    weights = (scores**degree).masked_fill(~visible(scores, mask, causal), 0)
    return weights @ shared(v, q) / (normalizationBias + weights.sum(-1, keepdim=True))


@kernel(operators=["relational"], outputs=["o", "lse"], **CLAIMS)
def relational(q, k, v, rq, rk, wr, mask=None, causal=False, scale=None, relationScale=None):
    scores = pairs(q, k, scale)
    weights, lse = softmax(scores, visible(scores, mask, causal))
    relations = torch.einsum("bhmrc,bhnrc->bhmnr", rq, shared(rk, q)) * (rq.shape[-1] ** -0.5 if relationScale is None else relationScale)
    values = torch.einsum("bhmnr,hre->bhmne", relations, wr) + shared(v, q)[:, :, None]
    return torch.einsum("bhmn,bhmne->bhme", weights, values), lse


def rectified(scores, mask, causal):
    """Rectified scores of the keys that are seen, and their number, of none 1."""
    seen = visible(scores, mask, causal).expand_as(scores)
    return torch.relu(scores).masked_fill(~seen, 0), seen.sum(-1, keepdim=True).clamp(min=1)


@kernel(operators=["relu-attention"], **CLAIMS)
def relu_attention(q, k, v, mask=None, causal=False, scale=None):
    weights, count = rectified(pairs(q, k, scale), mask, causal)
    return weights @ shared(v, q) / count


@kernel(operators=["squared-relu"], **CLAIMS)
def squared_relu(q, k, v, mask=None, causal=False, scale=1.0):
    weights, count = rectified(pairs(q, k, scale), mask, causal)
    return (weights / count) ** 2 @ shared(v, q)


@kernel(operators=["sigmoid"], **{**CLAIMS, "gradients": ["q", "k", "v", "alibi"]})
def sigmoid(q, k, v, mask=None, causal=False, scale=None, sigmoidBias=0.0, alibi=None):
    scores = pairs(q, k, scale) + sigmoidBias
    if alibi is not None:
        scores = scores + alibi[:, None, None] * ahead(scores)
    return torch.sigmoid(scores).masked_fill(~visible(scores, mask, causal), 0) @ shared(v, q)


@kernel(operators=["slot"], **CLAIMS)
def slot(q, k, v, scale=None, eps=1e-8):
    weights = torch.softmax(pairs(q, k, scale), 2) + eps
    return weights / weights.sum(-1, keepdim=True) @ shared(v, q)


@kernel(operators=["softpag"], **CLAIMS)
def softpag(q, k, v, causal=False, scale=None, u=0.5):
    return torch.lerp(attention(q, k, v, None, causal, scale)[0], shared(v, q), u)


@kernel(operators=["swat"], **CLAIMS)
def swat(q, k, v, slope, mask=None, causal=False, scale=None):
    return sigmoid(q, k, v, mask, causal, scale, alibi=slope)


@kernel(operators=["laplace"], **{**CLAIMS, "gradients": ["q", "k", "v", "bias"]})
def laplace(q, k, v, bias=None, mask=None, causal=False, scale=1.0, mu=0.707107, sigma=0.282095):
    scores = pairs(q, k, scale)
    seen = visible(scores, mask, causal).expand_as(scores)
    scores = scores / seen.sum(-1, keepdim=True).clamp(min=1) + (0.0 if bias is None else bias)
    weights = (1 + torch.erf((scores - mu) / (sigma * 2**0.5))) / 2
    return weights.masked_fill(~seen, 0) @ shared(v, q)


@kernel(operators=["multi-token"], **{**CLAIMS, "gradients": ["q", "k", "v", "kernel"]}, names={"kernel": "taps"})
def multi_token(q, k, v, taps, causal=True, scale=None):
    """Scores by taps [h, t, u] over the last t queries and u keys around."""
    scores = pairs(q, k, scale)
    seen = visible(scores, None, True)
    early, side = taps.shape[1] - 1, taps.shape[2] // 2
    padded = torch.nn.functional.pad(scores.masked_fill(~seen, 0), (side, side, early, 0))
    m, n = scores.shape[2:]
    near = [taps[:, t, u, None, None] * padded[:, :, t : t + m, u : u + n] for t in range(taps.shape[1]) for u in range(taps.shape[2])]
    return softmax(sum(near), seen)[0] @ shared(v, q)


@kernel(operators=["bidaf"], outputs=["o", "summary", "matched", "gathered"], **CLAIMS)
def bidaf(h, u, wh, wu, whu, mask=None, causal=False):
    """Context h [b, m, e] and question u [b, n, e], as one head."""
    scores = ((h @ wh)[:, :, None] + (u @ wu)[:, None] + (h * whu) @ u.mT)[:, None]
    h, seen = h[:, None], visible(scores, mask, causal)
    o = softmax(scores, seen)[0] @ u[:, None]
    best = scores.masked_fill(~seen, -torch.inf).max(-1).values
    summary = softmax(best, best > -torch.inf)[0][:, :, None] @ h
    return o, summary[:, :, 0], h * o, h * summary


def gated_unit(u, s, wi, wh, bi, bh):
    """Step of torch's GRUCell from s by u: reset gate, update gate, what is new."""
    of_u, of_s = (x[..., None, :] @ w + bias[:, None] for x, w, bias in ((u[..., None, :], wi, bi), (s[..., None, :], wh, bh)))
    r, z = (torch.sigmoid(of_u[..., i, 0, :] + of_s[..., i, 0, :]) for i in (0, 1))
    fresh = torch.tanh(of_u[..., 2, 0, :] + r * of_s[..., 2, 0, :])
    return (1 - z) * fresh + z * s


@kernel(operators=["slot-iterations"], **CLAIMS)
def slot_iterations(x, slots, gain, shift, wq, wk, wv, wi, wh, bi, bh, w1, b1, w2, b2, scale=None, eps=1e-8, normEps=1e-5, steps=3):
    def norm(x, at):
        return torch.nn.functional.layer_norm(x, x.shape[-1:], gain[at], shift[at], normEps)

    inputs = norm(x, 0)
    k, v = inputs @ wk, inputs @ wv
    for _ in range(int(steps)):
        scores = (x.shape[-1] ** -0.5 if scale is None else scale) * (norm(slots, 1) @ wq) @ k.mT
        weights = torch.softmax(scores, 1) + eps
        slots = gated_unit(weights / weights.sum(-1, keepdim=True) @ v, slots, wi, wh, bi, bh)
        slots = slots + torch.relu(norm(slots, 2) @ w1 + b1) @ w2 + b2
    return slots


# the times have no gradient
FILTERED = {**CLAIMS, "gradients": ["q", "k", "v", "mu", "omega", "omegaV", "process", "measured", "anchor", "tau", "nu"]}


@kernel(operators=["adaptive-filter"], **FILTERED)
def adaptive_filter(q, k, v, times, mu, omega, omegaV, process, measured, anchor, tau, nu, causal=True, eps=1e-5):
    q, k, v = (torch.complex(x[..., 0], x[..., 1]) for x in (q, k, v))
    apart = times[:, None] - times
    mu, process, measured, anchor, tau, nu = (x[:, None, None] for x in (mu, process, measured, anchor, tau, nu))
    decay = torch.exp(mu * apart.abs())

    def turns(frequencies):
        angles = frequencies[:, None, None] * apart[..., None]
        return torch.complex(torch.cos(angles), torch.sin(angles))

    steep = mu < -1e-5
    grown = torch.where(steep, -torch.expm1(2 * mu * apart.abs()) / torch.where(steep, -2 * mu, 1), apart.abs())
    variance = process * grown + measured * decay**2 + anchor
    carried = decay[..., None] * turns(omega) * k[:, :, None]
    distance = (q[:, :, :, None] - carried).abs().square().sum(-1)
    scores = -(tau**2) * (torch.log(variance + eps) + torch.log1p(distance / (nu * q.shape[-1] * variance)))
    weights, _ = softmax(scores, visible(scores, None, True))
    read = ((weights * decay)[..., None] * turns(omegaV) * v[:, :, None]).sum(3)
    return torch.stack((read.real, read.imag), -1)


@kernel(operators=["dynamic-convolution"], outputs=["o", "alphas", "end"], **{**CLAIMS, "gradients": ["state", "v", "w", "shift", "make", "fixed", "fromFixed", "fromMade", "offset", "energy"]})
def dynamic_convolution(state, v, w, shift, make, fixed, fromFixed, fromMade, offset, energy, prior, start=None):
    """Decoder states [b, l, d] move an alignment [b, n] on, one after the other."""
    alpha = torch.eye(v.shape[1], dtype=v.dtype, device=v.device)[0].expand(v.shape[:2]) if start is None else start
    half, behind = fixed.shape[-1] // 2, len(prior) - 1
    alphas = []
    for hidden in torch.tanh(state @ w + shift).unbind(1):
        around = torch.nn.functional.pad(alpha, (half, half)).unfold(1, fixed.shape[-1], 1)
        made = torch.einsum("bnt,bft->bnf", around, torch.einsum("br,rft->bft", hidden, make))
        scores = torch.tanh(around @ fixed.mT @ fromFixed + made @ fromMade + offset) @ energy
        moved = torch.nn.functional.pad(alpha, (behind, 0)).unfold(1, len(prior), 1) @ prior
        alpha = torch.softmax(scores + torch.log(moved.clamp(min=1e-6)), -1)
        alphas.append(alpha)
    alphas = torch.stack(alphas, 1)
    return alphas @ v, alphas, alpha
