"""One test per check of a kernel. Copy attn_cts.py and this file beside kernel.py, and run: python -m pytest test_kernel.py"""

import pytest
from attn_cts import checks


# further arguments are those of attn-cts run; ATTN_CTS names the command where it is neither on the path nor npx's
@pytest.mark.parametrize("check", checks("kernel.py:attention", "--runs", "10"), ids=str)
def test_kernel(check):
    check()
