# SPDX-License-Identifier: Apache-2.0
"""A target: builds images for it and runs them on its emulator (bench/sims/README.md)."""

import json
import pathlib
import resource
import subprocess

import numpy

ROOT = pathlib.Path(__file__).parents[2]
TARGETS = ROOT / "compiler" / "targets"
COUNTED = 12  # samples whose cycles are averaged
# Of one source: avr-gcc needs hours for what then is many times too large. CPU seconds, so that a busy machine changes nothing.
MOST_COMPILER_SECONDS = 300


class DoesNotFit(Exception):
    """The image is larger than the chip's memories."""


class ToolFailed(Exception):
    """A tool's code does not compile, or does not run."""


def data_of(kind, name):
    return json.loads((TARGETS / kind / f"{name}.json").read_text(encoding="utf-8"))


class Chip:
    def __init__(self, target, whit):
        self.name = target
        self.whit = pathlib.Path(whit)
        self.board = data_of("boards", target)
        self.core = data_of("cores", self.board["core"])
        self.toolchain = data_of("toolchains", self.core["toolchain"])
        self.avr = self.toolchain["startup"] == "avr"
        self._empty = {}

    def memory(self, kind):
        return next(memory for memory in self.board["memories"] if memory["kind"] == kind)

    def build(self, folder, sources, flags):
        """Compiles the sources (C or C++) with the harness; the program's path."""
        compiler = [self.toolchain["compiler"], *self.core["compiler_flags"]]
        options = [flag for flag in self.toolchain["compile_flags"] if not flag.startswith("-O") and flag != "-ffreestanding"]
        harness = [ROOT / "bench/classic/harness.cpp"]
        link = list(self.toolchain["link_flags"])
        if not self.avr:
            harness.append(ROOT / "bench/harness/startup_cortex_m.cpp")
            script = folder / "board.ld"
            script.write_text(run([self.whit, "targets", self.name, "--link-script"]), encoding="utf-8")
            link += ["-T", script]
        objects = []
        for index, source in enumerate([*harness, *sources]):
            objects.append(folder / f"{index}.o")
            language = ["-std=gnu11"] if str(source).endswith(".c") else [flag for flag in options if flag.startswith("-std")]
            plain = [flag for flag in options if not flag.startswith("-std") and not (flag == "-fno-rtti" and str(source).endswith(".c"))]
            command = [*compiler, *language, *plain, *flags, "-w", "-I", folder, "-c", source, "-o", objects[-1]]
            if str(source).endswith(".c"):
                command[0] = command[0].replace("g++", "gcc")
            run(command, seconds=MOST_COMPILER_SECONDS)
        program = folder / "program.elf"
        run([*compiler, *link, *objects, "-lm", "-o", program])
        return program

    def sizes(self, program):
        """Bytes of flash and of static RAM of a whole image."""
        prefix = self.toolchain["compiler"].removesuffix("g++")
        sections = {}
        for line in run([f"{prefix}size", "-A", program]).splitlines():
            words = line.split()
            if len(words) == 3 and words[0].startswith(".") and words[1].isdigit():
                sections[words[0]] = int(words[1])
        def total(*names):
            return sum(size for section, size in sections.items() if section in names)
        flash = total(".text", ".rodata", ".data", ".ARM.exidx", ".init_array")
        ram = total(".data", ".bss", ".noinit")
        if flash > self.memory("flash")["size"] or ram > self.memory("ram")["size"]:
            raise DoesNotFit
        return flash, ram

    def empty_sizes(self, folder, flags):
        """Those of an image whose bench_predict does nothing."""
        key = tuple(flags)
        if key not in self._empty:
            source = folder / "empty.cpp"
            source.write_text('extern "C" __attribute__((noinline)) void bench_predict(void) { __asm__ volatile(""); }\n', encoding="utf-8")
            self._empty[key] = self.sizes(self.build(folder, [source], flags))
        return self._empty[key]

    def simulate(self, folder, program, features, places):
        """Labels of all samples, mean cycles and deepest stack of the first; `places` are addresses and types."""
        input_address, input_type, output_address, output_type = places
        samples = numpy.ascontiguousarray(features, dtype=input_type)
        (folder / "in.bin").write_bytes(samples.tobytes())
        request = {
            "firmware": str(program), "core": self.core["simulator"]["core"], "stop": "bench_wait",
            "memory": [] if self.avr else self.board["memories"], "measure": {"from": "bench_predict"},
            "inputs": [{"address": input_address, "bytes": samples[0].nbytes, "file": str(folder / "in.bin")}],
            "outputs": [{"address": output_address, "bytes": numpy.dtype(output_type).itemsize, "file": str(folder / "out.bin")}],
            "samples": len(samples), "count_samples": min(COUNTED, len(samples)),
        }
        simulator = self.whit.parent / self.core["simulator"]["program"]
        reply = json.loads(run([simulator], json.dumps(request) + "\n"))
        if not reply["ok"]:
            raise ToolFailed(reply["error"]["message"])
        cycles = sum(sample["cycles"] for sample in reply["counted"]) / len(reply["counted"])
        stack = max(sample["stack"] for sample in reply["counted"])
        return numpy.fromfile(folder / "out.bin", dtype=output_type), cycles, stack


def run(command, text=None, seconds=None):
    limit = (lambda: resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))) if seconds else None
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = subprocess.run([str(word) for word in command], input=text, capture_output=True, text=True, check=False, preexec_fn=limit)
    if result.returncode == 0:
        return result.stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if seconds and after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime >= seconds:
        raise ToolFailed(f"{command[0]} was stopped after {seconds} CPU seconds")
    too_large = ("will not fit in region", "overflowed by", "is not within region", "total size of local objects too large")
    if any(words in result.stderr for words in too_large) or result.returncode == 3:
        raise DoesNotFit
    raise ToolFailed(f"{command[0]}: {(result.stderr or result.stdout)[-400:]}")
