# SPDX-License-Identifier: Apache-2.0
"""What tests of this folder share: exit code 77 (skipped) without scikit-learn, the package of this checkout with the program
named on the command line, and a list of what went wrong.
"""

import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "python"))

try:
    import sklearn  # noqa: F401
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

os.environ["WHIT"] = os.path.abspath(sys.argv[1])
FAILURES = []


def check(holds, text):
    print(("ok    " if holds else "WRONG ") + text, flush=True)
    if not holds:
        FAILURES.append(text)


def finish():
    sys.exit(1 if FAILURES else 0)
