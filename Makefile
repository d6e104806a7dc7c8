# Everything here needs Python 3.11 to 3.13 and make; uv, the packages, Go and the Kubernetes
# control plane are fetched when they are missing. Nothing is installed outside this folder and
# ~/.cache.
.DEFAULT_GOAL := help
.PHONY: help setup control-plane article-cli live demo test check fmt soak bench bench-emulator evidence clean

UV_VERSION := 0.13.9

# A name on PATH may be a shim that fails when run, so each is tried; the file behind it is used.
PYTHON := $(shell for name in python3.13 python3.12 python3.11 python3; do \
	"$$name" -c 'import sys; (3, 11) <= sys.version_info < (3, 14) or sys.exit(1); print(sys.executable)' \
	2>/dev/null && break; done)
UV := $(shell uv --version >/dev/null 2>&1 && command -v uv || echo .tools/bin/uv)
BIN := .venv/bin
LOCAL := PYTHONPATH=deploy/local $(BIN)/python -m
TESTS := PYTHONPATH=operator:tests $(BIN)/python -m
# Two, each with an API server of its own; tests/conftest.py says which tests stay together.
WORKERS := -n 2 --dist loadgroup
CRD_TESTS := $(wildcard tests/unit/crds tests/integration/test_crds.py)

export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv
# Trust what the system trusts, where it says what that is: companies have authorities of their own.
ifneq ($(wildcard /etc/ssl/certs/*),)
export UV_SYSTEM_CERTS ?= true
export UV_NATIVE_TLS ?= true
endif

help:
	@echo "make demo    the article's two examples, end to end on this machine (KEEP=1 leaves it up)"
	@echo "make test    all tests but the long ones"
	@echo "make check   style, types, import contracts, and the CRDs on a real API server"
	@echo "make fmt     format the code"
	@echo "make soak    the long tests"
	@echo "make bench   the benchmarks"
	@echo "make bench-emulator  how fast the emulated Azure answers"
	@echo "make evidence        write docs/evidence.md, docs/article.md and the tables of the kinds' pages"
	@echo "make live            record the article's story on a real subscription (says what it needs)"
	@echo "make clean   remove the environment and the caches of this folder"

demo: setup control-plane
	@$(LOCAL) demo

test: setup control-plane article-cli
	@echo "test: all tests but the long ones"
	@$(BIN)/pytest -m "not soak" $(WORKERS) $(ARGS)

soak: setup control-plane
	@echo "soak: the long tests"
	@$(BIN)/pytest -m soak $(ARGS)

article-cli: setup
	@UV="$(UV)" $(TESTS) article.azure_cli >/dev/null

live: setup article-cli
	@$(TESTS) article.live

bench: setup control-plane
	@echo "bench: container groups on a real API server (BENCH_SETTLED=500 for a quick look)"
	@PYTHONPATH=operator:tests:deploy/local $(BIN)/python -u -m benchmarks.groups

bench-emulator: setup
	@echo "bench-emulator: 2,000 groups created by 64 clients, a list of 5,000"
	@PYTHONPATH=operator:tests $(BIN)/python -m benchmarks.emulator

evidence: setup
	@PYTHONPATH=operator:tests $(BIN)/python -m emulator.evidence > docs/evidence.md
	@$(TESTS) article.listing > docs/article.md
	@$(TESTS) kind_pages

check: setup control-plane
	@echo "check: ruff"
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@echo "check: mypy"
	@$(BIN)/mypy operator deploy/local tests
	@echo "check: import contracts"
	@$(BIN)/lint-imports
	@echo "check: CRDs, read and installed on a real API server"
	@$(if $(CRD_TESTS),$(BIN)/pytest -q $(CRD_TESTS),echo "check: there are no CRD tests yet")

fmt: setup
	@echo "fmt: ruff"
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

clean:
	@echo "clean: removing .venv, .tools and caches (the built control plane stays in ~/.cache)"
	@rm -rf .venv .tools dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -path ./.git -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

setup: .venv/.ready

control-plane: setup
	@$(LOCAL) control_plane build

.venv/.ready: pyproject.toml uv.lock | $(filter .tools/%,$(UV))
	@echo "setup: packages into .venv, by $(UV)"
	@test -n "$(PYTHON)" || { echo "setup: no Python 3.11 to 3.13 on PATH" >&2; exit 1; }
	@"$(UV)" sync --frozen --quiet --python "$(PYTHON)"
	@touch $@

.tools/bin/uv:
	@echo "setup: uv $(UV_VERSION) into .tools"
	@test -n "$(PYTHON)" || { echo "setup: no Python 3.11 to 3.13 on PATH" >&2; exit 1; }
	@"$(PYTHON)" -m venv .tools || { rm -rf .tools; \
		echo "setup: this Python cannot make environments (on Debian: python3-venv)" >&2; exit 1; }
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"
