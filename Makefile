# Holdfast, by name: `make help` lists what there is. Every target installs what it misses and can be run again
# at no cost.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
JOBS ?= $(shell nproc)
SEEDS ?= 10000
FIRST ?= 1
PORT ?= 20002
FUZZ_SECONDS ?= 60
SECONDS ?= 600
PRESET ?= release
DOCUMENTS ?= 20000
SEED ?= 1

say = @printf '\n\033[1m== %s\033[0m\n' "$(1)"

.PHONY: help setup build test demo serve simulate soak chaos bench fuzz documents faults reference format clean

help: ## This list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup: ## Install the Debian packages that are missing
	@tools/setup.sh

build: setup ## Build the program: build/bin/holdfast
	$(call say,Building the program (release))
	@cmake --preset release --log-level=WARNING >/dev/null
	@cmake --build --preset release -j$(JOBS) --target programs
	@mkdir -p build/bin && ln -sf ../release/bin/holdfast build/bin/holdfast
	@echo "build/bin/holdfast is ready"

test: setup ## Build and run every test that fits CI
	@tools/test.sh -j$(JOBS)

demo: build ## Two devices and a backend: online, offline, conflict, merge
	@python3 examples/demo/story.py --bin build/release/bin

serve: build ## Leave a backend running for examples/blog/schema.graphql (PORT=20002)
	@build/bin/holdfast serve --schema examples/blog/schema.graphql --data .demo/serve --port $(PORT)

simulate: setup ## Simulate SEEDS=10000 worlds from FIRST=1 (PRESET=dev: under sanitizers); a failure tells seed and steps
	@cmake --preset $(PRESET) --log-level=WARNING >/dev/null
	@cmake --build --preset $(PRESET) -j$(JOBS) --target simulation
	@build/$(PRESET)/bin/simulation --first $(FIRST) --seeds $(SEEDS) --jobs $(JOBS) --keep tests/simulation/kept.txt

soak: build ## The backend under mixed load with restarts for SECONDS=600: no acknowledged write is lost
	@cmake --build --preset release -j$(JOBS) --target test_device
	@python3 tests/program/soak_test.py build/release/bin $(SECONDS)

chaos: build ## Real devices and a real backend through a faulty proxy for SECONDS=600, SEED=1: all converge, nothing is lost
	@cmake --build --preset release -j$(JOBS) --target test_device
	@python3 tests/program/chaos_test.py build/release/bin $(SEED) $(SECONDS)

bench: build ## Measure the figures of bench/RESULTS.md
	@cmake --build --preset release -j$(JOBS) --target device_bench sync_bench backend_bench backend_store_bench peers_bench realtime_bench
	@bench/run.sh

fuzz: setup ## Fuzz parsers and frames with clang, FUZZ_SECONDS=60 each
	@tools/fuzz.sh $(FUZZ_SECONDS)

reference: ## The public API as Markdown, from the headers: build/reference
	@python3 tools/reference.py build/reference

format: ## Format the C++ sources
	@git ls-files '*.cc' '*.h' | grep -v testdata | xargs clang-format -i

documents: build ## Compare our GraphQL engine with graphql-js on DOCUMENTS=20000 a schema, from SEED=1
	@npm ci --prefix tests/graphql --no-audit --no-fund --loglevel=error
	@HOLDFAST_DOCUMENTS=$(DOCUMENTS) HOLDFAST_SEED=$(SEED) HOLDFAST_BIN=build/release/bin node --test tests/graphql/documents.test.js

faults: setup ## Let the disk fail and lose power at every call of a workload (FIRST=1 chooses the losses)
	@cmake --preset release --log-level=WARNING >/dev/null
	@cmake --build --preset release -j$(JOBS) --target disk_test
	@HOLDFAST_EVERY_CALL=1 HOLDFAST_SEED=$(FIRST) build/release/bin/disk_test

clean: ## Remove what was built
	@rm -rf build .demo
