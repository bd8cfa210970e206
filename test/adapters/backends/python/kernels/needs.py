import a_module_that_nobody_has


def attention(q, k, v):
    return q
