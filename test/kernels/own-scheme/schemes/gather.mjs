import { mergeInto, partialLike } from 'attention-cts';

export default {
  async forward({ comm, attention, queries, keys, shard: { q, k, v } }) {
    const result = partialLike(q, v.shape[3]);
    const all = await comm.allGather([k, v]);
    for (const [owner, [theirK, theirV]] of all.entries()) {
      // the sink, where there is one, counts in one block of each row
      const block = { queries: queries[comm.rank], keys: keys[owner], q, k: theirK, v: theirV, sink: owner === comm.rank };
      const partial = await comm.external(attention.forward(block));
      if (partial) mergeInto(result, partial);
    }
    return result;
  },
};
