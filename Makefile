# The short commands. Each sets up what it needs on a Debian 12 (as root, or through sudo).
.PHONY: build configure test demo conformance conformance-classic conformance-trained bench-classic bench-uno sanitize fuzz install clean
PREFIX ?= /usr/local
FUZZ_RUNS ?= 100000
FUZZ_ONLY ?=

build: configure
	@cmake --build --preset default --target whit whit-sim-cortex-m whit-sim-cortex-m55 whit-sim-riscv whit-sim-avr

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

# Every fuzzer, FUZZ_RUNS inputs each, on the committed seeds; or those of FUZZ_ONLY. Graphs with every operator come from
# two: make fuzz FUZZ_RUNS=1000000 FUZZ_ONLY='tflite operators'
fuzz:
	@tools/setup fuzz
	@tools/fuzz $(FUZZ_RUNS) $(FUZZ_ONLY)

install: build
	@cmake --install build --prefix $(PREFIX)

clean:
	rm -rf build

# Python packages that the conformance runs and some tests compare with.
build/venv/ready: tests/requirements.txt
	@python3 -m venv build/venv || { echo "install python3-venv first: apt-get install python3-venv"; exit 1; }
	@build/venv/bin/pip install -q -r $<
	@touch $@

# Classic models against the packaged peers on the emulated chips (bench/classic/README.md). ONLY picks rows: 'wine rf* arduino-uno'.
ONLY ?= *
bench-classic bench-uno: build
	@python3 -m venv build/venv-classic || { echo "install python3-venv first: apt-get install python3-venv"; exit 1; }
	@build/venv-classic/bin/pip install -q -r bench/classic/requirements.txt
	@build/venv-classic/bin/python bench/classic/suite.py $(@:bench-%=%) --whit build/whit --output build/$@ --only '$(ONLY)'

# Random models of every estimator that whit compiles, against the packages that train them; firmware that other tools
# generate, its cycles counted by hand.
conformance-classic: build build/venv/ready
	@build/venv/bin/python tests/python/conformance.py build/whit
	@build/venv/bin/python tests/python/catboost_models.py build/whit
	@build/venv/bin/python tests/python/onnx_models.py build/whit --models 20 --samples 1000
	@build/venv/bin/python tests/other_engines/m2cgen_tree.py build/whit
	@build/venv/bin/python tests/other_engines/emlearn_tree.py build/whit

# Models trained and quantised here and now (LSTM, SVDF, U-Net, MobileNetV2, DS-CNN), from file to chip.
conformance-trained: configure
	@python3 -m venv build/venv-trained || { echo "install python3-venv first: apt-get install python3-venv"; exit 1; }
	@build/venv-trained/bin/pip install -q -r tests/trained/requirements.txt
	@cmake --build --preset default && mkdir -p build/trained
	@for model in lstm svdf unet mobilenet_v2 ds_cnn; do build/venv-trained/bin/python tests/trained/$$model.py build/whit build/trained || exit 1; done

# Every kernel on every chip with more random instances, and the host against the reference interpreter (PyPI's); then
# docs/support.md, with what each kernel costs.
conformance: build/venv/ready configure
	@WHIT_PYTHON="$(CURDIR)/build/venv/bin/python" cmake --preset default --log-level=WARNING
	@cmake --build --preset default
	@WHIT_CONFORMANCE_INSTANCES=20 ctest --preset default --parallel "$$(nproc)" -R 'tflite_micro|Chips'
	@build/venv/bin/python tests/conformance/compare.py build/whit-conformance --count 200 --table docs/support.md
	@build/whit-kernel-figures >>docs/support.md
