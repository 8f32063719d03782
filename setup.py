# SPDX-License-Identifier: Apache-2.0
"""What pyproject.toml cannot say: the version stands in CMakeLists.txt, and a built program goes into the package."""

import pathlib
import re
import shutil

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = pathlib.Path(__file__).parent
PROGRAMS = ("whit", "whit-sim-cortex-m", "whit-sim-cortex-m55", "whit-qemu-counter.so", "whit-sim-riscv", "whit-sim-avr")


def version():
    return re.search(r"project\(whit VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")).group(1)


class BuildWithPrograms(build_py):
    """Also copies the programs that `make build` has left in build/; without them whit is looked for on PATH."""

    def run(self):
        super().run()
        folder = pathlib.Path(self.build_lib) / "whit" / "bin"
        for name in PROGRAMS:
            program = ROOT / "build" / name
            if program.exists():
                folder.mkdir(parents=True, exist_ok=True)
                shutil.copy2(program, folder / name)


setup(version=version(), cmdclass={"build_py": BuildWithPrograms})
