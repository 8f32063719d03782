# SPDX-License-Identifier: Apache-2.0
"""What CI sees of `whit compare`: exit code 0 when a report holds, 4 when something got worse or was lost, 2 for a broken
file, 1 for a tolerance that is none.

    python compare_exit_codes.py build/whit
"""
import json
import pathlib
import subprocess
import sys
import tempfile


def main():
    whit = pathlib.Path(sys.argv[1]).resolve()
    pair = {"model": "kws", "target": "uno", "cycles": 1000}
    reports = {"before": [pair], "slower": [{**pair, "cycles": 1010}], "lost": [], "broken": {"model": "kws"}}
    cases = [("before", [], 0), ("slower", [], 4), ("slower", ["--tolerance", "1%"], 0), ("lost", ["--tolerance", "50%"], 4),
             ("broken", [], 2), ("before", ["--tolerance", "much"], 1)]
    failures = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for report, content in reports.items():
            (folder / report).write_text(json.dumps(content))
        for after, options, expected in cases:
            command = [whit, "compare", folder / "before", folder / after, *options]
            code = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
            if code != expected:
                print(f"before against {after} {options}: exit code {code}, not {expected}")
                failures += 1
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
