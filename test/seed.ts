import fc from 'fast-check';

/** The same cases on every run, so that a change is blamed for what it breaks; `ATTN_TEST_SEED=random` (or a number) tries others. */
const wanted = process.env.ATTN_TEST_SEED ?? '0';
if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) });
