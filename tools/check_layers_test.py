# SPDX-License-Identifier: Apache-2.0
"""tools/check_layers finds each kind of breach in a small tree made for it, and accepts what is allowed."""
import importlib.machinery
import importlib.util
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).resolve().parent / "check_layers"
sys.dont_write_bytecode = True
LOADER = importlib.machinery.SourceFileLoader("check_layers", str(CHECK))
CHECK_LAYERS = importlib.util.module_from_spec(importlib.util.spec_from_loader("check_layers", LOADER))
LOADER.exec_module(CHECK_LAYERS)


def breaches(path, include):
    """What is found in a tree of one file with one include."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / path
        file.parent.mkdir(parents=True)
        file.write_text(f"#include {include}\n", encoding="utf-8")
        return CHECK_LAYERS.check(pathlib.Path(folder))[0]


class CheckLayers(unittest.TestCase):
    def test_breaches_are_found_with_file_and_line(self):
        for path, include in [
            ("compiler/ir/graph.hpp", '"ops/op_def.hpp"'),
            ("compiler/base/error.cpp", '"compiler/ir/types.hpp"'),
            ("compiler/plan/placement.cpp", '"compiler/passes/pipeline.hpp"'),
            ("compiler/emit/source.cpp", '"compiler/driver/compile.hpp"'),
            ("compiler/importers/onnx/file.cpp", '"compiler/importers/tflite/file.hpp"'),
            ("data/npy.cpp", '"ops/op_def.hpp"'),
            ("ops/conv2d/conv2d.kernel.hpp", '"ops/window.hpp"'),
            ("ops/conv2d/conv2d.dsp.kernel.hpp", "<cstdint>"),
            ("device/core/core.hpp", "<stdio.h>"),
            ("bench/image.cpp", '"bench/sims/protocol/error.hpp"'),
            ("bench/image.cpp", "<unicorn/unicorn.h>"),
            ("bench/sims/avr/avr.cpp", '"compiler/base/error.hpp"'),
            ("cli/main.cpp", '"options.hpp"'),
        ]:
            with self.subTest(path=path, include=include):
                found = breaches(path, include)
                self.assertEqual(len(found), 1)
                self.assertTrue(found[0].startswith(f"{path}:1: includes {include[1:-1]}\n"), found[0])

    def test_allowed_includes_pass(self):
        for path, include in [
            ("ops/conv2d/conv2d.cpp", '"compiler/ir/graph.hpp"'),
            ("ops/conv2d/conv2d.kernel.hpp", '"device/core/core.hpp"'),
            ("device/core/core.hpp", "<stdint.h>"),
            ("compiler/importers/import.cpp", '"compiler/importers/tflite/import.hpp"'),
            ("compiler/plan/placement.test.cpp", '"compiler/driver/compile.hpp"'),
            ("bench/sims/cortex_m/engine.cpp", "<unicorn/unicorn.h>"),
            ("cli/main.cpp", '"bench/report.hpp"'),
        ]:
            with self.subTest(path=path, include=include):
                self.assertEqual(breaches(path, include), [])

    def test_the_program_fails_on_a_breach_and_on_an_empty_tree(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "device" / "x.hpp"
            file.parent.mkdir()
            file.write_text("#include <stdio.h>\n", encoding="utf-8")
            result = subprocess.run([sys.executable, CHECK, folder], capture_output=True, check=False)
            self.assertEqual(result.returncode, 1)
        with tempfile.TemporaryDirectory() as folder:
            result = subprocess.run([sys.executable, CHECK, folder], capture_output=True, check=False)
            self.assertEqual(result.returncode, 1)


if __name__ == "__main__":
    unittest.main()
