# The short commands. Each sets up what it needs on a Debian 12 (as root, or through sudo).
.PHONY: build configure test demo sanitize fuzz install clean
PREFIX ?= /usr/local
FUZZ_RUNS ?= 100000

build: configure
	@cmake --build --preset default --target whit whit-sim-cortex-m whit-sim-avr

test: configure
	@cmake --build --preset default
	@ctest --preset default --parallel "$$(nproc)"

demo: build
	@tools/demo

configure:
	@tools/setup
	@cmake --preset default --log-level=WARNING

# The same tests under the address and undefined behaviour sanitizers.
sanitize:
	@tools/setup
	@cmake --preset sanitize --log-level=WARNING
	@cmake --build --preset sanitize
	@ctest --preset sanitize --parallel "$$(nproc)"

# Every fuzzer, FUZZ_RUNS inputs each, on the committed seeds.
fuzz:
	@tools/setup fuzz
	@tools/fuzz $(FUZZ_RUNS)

install: build
	@cmake --install build --prefix $(PREFIX)

clean:
	rm -rf build
