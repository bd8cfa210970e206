"""Versions of the projects that are judged."""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, version
from typing import Optional


def version_of(package: str) -> Optional[str]:
    """The commit of the checkout that the suite was given, else the version of the installed package; None if there is neither."""
    try:
        return os.environ.get("ATTN_CTS_COMMIT") or version(package)
    except PackageNotFoundError:
        return None
