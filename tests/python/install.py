# SPDX-License-Identifier: Apache-2.0
"""`pip install .` in a fresh virtual environment gives `import whit` with the program inside.

    install.py WHIT    exit code 77 where Python brings no pip (Debian: without python3-venv), or pip reaches no index: skipped
"""

import importlib.util
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import venv

ROOT = pathlib.Path(__file__).parents[2]
UNREACHABLE = ("Could not find a version", "No matching distribution", "Temporary failure in name resolution", "Failed to establish a new connection")
COMPILES = """
import pathlib, whit
print(whit.__version__)
print(whit.program.find())
pathlib.Path("model.json").write_text('''{"format": "whit-estimator", "version": 1, "features": 2, "input": {"type": "int16"},
 "steps": [{"kind": "linear", "weights": [[1, -1]], "bias": [0]}]}''')
print(whit.compile("model.json", target="arduino-uno", output="firmware").predict([[3, 2], [2, 3]]).tolist())
"""


def sources(folder, program):
    """What the package is made of, so that the build leaves nothing in the tree."""
    for name in ("pyproject.toml", "setup.py", "CMakeLists.txt", "README.md"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "python", folder / "python", ignore=shutil.ignore_patterns("*.egg-info", "__pycache__"))
    (folder / "build").mkdir()
    shutil.copy2(program, folder / "build" / "whit")
    return folder


def main():
    if importlib.util.find_spec("ensurepip") is None:
        print("skipped: no ensurepip; apt-get install python3-venv")
        return 77
    version = re.search(r"project\(whit VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")).group(1)
    with tempfile.TemporaryDirectory(prefix="whit-install-") as text:
        folder = pathlib.Path(text)
        (folder / "sources").mkdir()
        venv.create(folder / "venv", with_pip=True)
        python = folder / "venv" / "bin" / "python"
        done = subprocess.run([python, "-m", "pip", "install", "-q", sources(folder / "sources", sys.argv[1])], capture_output=True, text=True, check=False)
        if any(words in done.stderr for words in UNREACHABLE):
            print("skipped: no package index")
            return 77
        said = subprocess.run([python, "-c", COMPILES], cwd=folder, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False)
        lines = said.stdout.split("\n")
        print(done.stderr, said.stderr, *lines, sep="\n")
        sound = done.returncode == 0 and lines[0] == version and lines[1].startswith(str(folder / "venv")) and lines[2] == "[1.0, 0.0]"
        return 0 if sound and (folder / "firmware" / "model.h").exists() else 1


if __name__ == "__main__":
    sys.exit(main())
