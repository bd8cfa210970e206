"""Functions of transformers' models, by what they compute: layers are run whole, on projections that hand in the tensors of a case."""

from softmax import (  # noqa: F401
    cosine_attention,
    differential,
    gated_output,
    mla,
    mla_rope,
    qk_norm,
    qk_rms_norm,
    softmax_alibi,
    softmax_sink,
    softmax_softcap,
)
from sparse import (  # noqa: F401
    block_lists,
    deformable,
    dma,
    lightning_indexer,
    nystrom,
    prob_sparse,
)
from recurrent import (  # noqa: F401
    gated_delta,
    gdn_raw_gates,
    kda,
    kda_raw_gates,
    lightning,
    mamba_2,
    mamba_2_steps,
    rg_lru,
)
from masks import (  # noqa: F401
    mask_causal,
    mask_chunk_causal,
    mask_document,
    mask_document_causal,
    mask_full,
    mask_padding,
    mask_prefix_causal,
    mask_prefix_document,
    mask_sliding_window,
)
