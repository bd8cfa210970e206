"""python -m attn_cts: the command attn-cts."""

import sys

from .node import main

sys.exit(main())
