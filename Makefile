# The short commands. Each sets up what it needs on a Debian 12 (as root, or through sudo).
.PHONY: build test demo sanitize fuzz install clean
PREFIX ?= /usr/local
FUZZ_RUNS ?= 100000

build:
	@tools/setup
	@cmake --preset default --log-level=WARNING
	@cmake --build --preset default

test: build
	@ctest --preset default --parallel "$$(nproc)"

demo: build
	@tools/demo

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
