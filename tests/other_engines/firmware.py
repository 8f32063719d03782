# SPDX-License-Identifier: Apache-2.0
"""Firmware of another tool's code: built with the harness of bench/harness/other_engine for Uno, Cortex-M0+ and Cortex-M4,
measured by `whit bench --elf`."""
import json
import pathlib
import shutil
import subprocess
import sys

HARNESS = pathlib.Path(__file__).resolve().parent.parent.parent / "bench" / "harness"
CPU = {"arduino-uno": ["-mmcu=atmega328p"], "nucleo-g0b1re": ["-mcpu=cortex-m0plus", "-mthumb"],
       "nucleo-l4r5zi": ["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"]}


def binutils(target):
    return "avr-" if target == "arduino-uno" else "arm-none-eabi-"


def skip_without_compilers():
    if not (shutil.which("arm-none-eabi-gcc") and shutil.which("avr-gcc")):
        print("skipped: no cross compilers (arm-none-eabi-gcc, avr-gcc)")
        sys.exit(77)


def build(whit, target, folder, sources, options=()):
    """The firmware of the harness's main.c with these sources, at -O2."""
    elf = folder / f"{target}.elf"
    sources = [HARNESS / "other_engine/main.c", *sources]
    flags = [*CPU[target], "-O2", "-o", elf, *options]
    if target != "arduino-uno":
        script = folder / f"{target}.ld"
        script.write_bytes(subprocess.run([whit, "targets", target, "--link-script"], check=True, stdout=subprocess.PIPE).stdout)
        sources.append(HARNESS / "startup_cortex_m.cpp")
        flags += ["-ffreestanding", "-fno-exceptions", "-nostartfiles", "--specs=nano.specs", "-T", script, "-lm"]
    subprocess.run([binutils(target) + "gcc", *sources, *flags], check=True)
    return elf


def bench(whit, target, elf, *places):
    """The report's one entry for what runs from the first place on, until it returns or the `--to` among the places."""
    command = [whit, "bench", "--elf", elf, "--target", target, "--json", "--from", *places]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)[0]
