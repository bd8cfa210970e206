"""Definitions of our own making, in both dialects, in which nothing is wrong."""

from blocks import block_lists, block_lists_decode
from caches import combined_cache, fp8_combined, fp8_paged, latent_cache
from definitions import dsa_sparse, gqa_paged, gqa_ragged, mla_paged
from pieces import as_dump
from states import gdn_decode, gdn_pool, gdn_prefill, kda_prefill, merge_state_guarded, merge_state_into, merge_states_guarded


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
        gdn_decode(),
        gdn_pool(),
        gdn_pool(tokens=4),
        kda_prefill(),
        merge_state_guarded(),
        merge_states_guarded(),
        combined_cache(),
        combined_cache(heads_first=False),
        latent_cache(),
        latent_cache(flat=True),
        fp8_paged(),
        fp8_paged(prefill=True),
        fp8_paged(by_head=True),
        fp8_paged(codes="e5m2"),
        fp8_paged(by_head=True, codes="e5m2"),
        fp8_combined(),
        block_lists(),
        block_lists_decode(),
    ]
    both = {f"{d['name']}.{dialect}": made for d in bench for dialect, made in (("bench", d), ("dump", as_dump(d)))}
    return {**both, "merge_state_in_place_h4_d8.dump": merge_state_into()}
