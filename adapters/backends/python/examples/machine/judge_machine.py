"""Judges the attention kernels of one machine in one go, and leaves a result that `attn-cts verify` accepts.

    python judge_machine.py --out result-h100 --kernel python:my_kernel.py:attention

It asks the suite which of its adapters run here on a GPU (PyTorch's backends, flash-attn, FlashInfer, WGSL on Vulkan, …), judges those and the kernels that are named,
and writes OUT/result.json, OUT/summary.md and the failures. Without a GPU it judges what runs on the CPU, as a trial. It needs the package attention-cts.
"""

import argparse
import json
import os
import re
import shlex
import subprocess
import sys

CPU = re.compile(r"^cpu$|llvmpipe|swiftshader|basic render", re.IGNORECASE)
"""Devices that are no GPU."""


def suite():
    """The command that starts the suite."""
    return shlex.split(os.environ["ATTN_CTS"]) if os.environ.get("ATTN_CTS") else [sys.executable, "-m", "attn_cts"]


def adapters():
    """Every adapter of the suite, as it is on this machine."""
    listed = subprocess.run([*suite(), "list", "adapters", "--json"], stdout=subprocess.PIPE, check=True)
    return json.loads(listed.stdout)


def device(adapter):
    """Name of the device that an adapter runs on."""
    environment = adapter.get("environment", {})
    return str(environment.get("device") or environment.get("gpu") or "cpu")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default="attn-cts-machine", help="folder of the result (default: attn-cts-machine)")
    parser.add_argument("--runs", default="50", help="cases per check (default: 50)")
    parser.add_argument("--kernel", action="append", default=[], help="kernel of your own, as attn-cts run --adapter takes it (repeatable)")
    parser.add_argument("--only", action="append", help="adapter to judge, in place of those that run on a GPU (repeatable)")
    options, further = parser.parse_known_args()
    if options.only:
        chosen = options.only
    else:
        available = [adapter for adapter in adapters() if adapter["available"]]
        chosen = [adapter["id"] for adapter in available if not CPU.search(device(adapter))]
        for adapter in available:
            if adapter["id"] in chosen:
                print(f"{adapter['id']} on {device(adapter)}", file=sys.stderr)
        if not chosen:
            print("no GPU is seen here: the kernels of the CPU are judged, as a trial", file=sys.stderr)
            chosen = [adapter["id"] for adapter in available if adapter["id"].startswith("pytorch-")] or ["reference"]
    named = [word for source in [*chosen, *options.kernel] for word in ("--adapter", source)]
    reports = ["--reporter", "terminal", "--reporter", f"markdown={os.path.join(options.out, 'summary.md')}"]
    os.makedirs(options.out, exist_ok=True)
    return subprocess.run([*suite(), "run", *named, "--runs", options.runs, "--out", options.out, *reports, *further]).returncode


if __name__ == "__main__":
    sys.exit(main())
