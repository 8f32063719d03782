# SPDX-License-Identifier: Apache-2.0
"""The `whit` program: where it is and how it is called."""

import os
import pathlib
import shutil
import subprocess


class WhitError(RuntimeError):
    """What the program says when it cannot do what was asked; `code` is its exit code (see README.md)."""

    def __init__(self, message, code):
        super().__init__(message)
        self.code = code


def find():
    """Of the environment's WHIT, the program that came with this package, and `whit` on PATH, the first there is."""
    packaged = pathlib.Path(__file__).parent / "bin" / "whit"
    for candidate in (os.environ.get("WHIT"), packaged, shutil.which("whit")):
        if candidate and os.access(candidate, os.X_OK):
            return str(candidate)
    raise WhitError(
        "the whit program is not there: run `make build` in whit's sources before `pip install .`, "
        "or `make install`, or set WHIT to the program",
        127,
    )


def run(*arguments, accepted=(0,)):
    """Standard output of `whit ARGUMENTS`. WhitError when it ends with a code that is not accepted."""
    command = [find(), *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode not in accepted:
        raise WhitError((result.stderr or result.stdout).strip(), result.returncode)
    return result.stdout
