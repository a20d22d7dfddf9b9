# Needs only make and Python 3.11 or later with pip; every target sets up what it uses.
# `make PYTHON=/path/to/python3.12 demo` chooses another Python, ARGS goes to the command behind the target.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo run test test-browser check bench month accept picture phrases lock clean chromium senders
MAKEFLAGS += --no-print-directory

ARGS ?=
PYTHON ?=
RUN := .venv/bin
DEV := .venv-dev/bin
PEERS := .venv-bench/bin
PYTEST := $(DEV)/python -m pytest

# The oldest version comes first because that is the one the tests run on. An installation counts only
# with its own pip: we install with that one, so the venv needs no copy (7 s of a first demo).
define choose_python
python=; \
for candidate in $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3 python; do \
	if "$$candidate" -c 'import sys, venv, pip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
		python="$$candidate"; break; \
	fi; \
done; \
if [ -z "$$python" ]; then \
	echo "makegood needs Python 3.11 or later with pip: install one, or name it with 'make PYTHON=/path/to/python3 ...'." >&2; \
	exit 1; \
fi
endef

# $(call install,VENV,LOCKS,WHAT,PROJECT): a venv with exactly what the locks say, and the project by a link
# to this folder. Two -q hide pip's warnings about its own configuration; errors still show.
define install
@$(choose_python); \
echo "Setting up $(1) ($(3); once: about a minute) ..."; \
rm -f $(1)/.installed; \
pip() { "$$python" -m pip --python $(1)/bin/python --disable-pip-version-check --no-input "$$@"; }; \
{ [ -x $(1)/bin/python ] || "$$python" -m venv --clear --without-pip $(1); } && \
pip install -qq --require-hashes $(addprefix -r ,$(2)) && \
{ [ -z "$(4)" ] || { pip install -qq --no-deps --no-build-isolation -e . && \
	$(1)/bin/python -m compileall -q bot conversations recovery reports storage; }; } && \
touch $(1)/.installed
endef

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: .venv/.installed ## Start the demo on a fresh database and print its address (ARGS=--script plays it in the terminal)
	@$(RUN)/makegood demo $(ARGS)

run: .venv/.installed ## Run makegood with ./config.toml and ./data
	@$(RUN)/makegood run $(ARGS)

# Tests go side by side. Those that kill processes, and those in a browser, come apart and from their own folders
# (tests/conftest.py holds that none is elsewhere): to collect all the others takes half a minute.
SIDE_BY_SIDE := --numprocesses=logical --maxprocesses=4 --dist=worksteal
test: .venv-dev/.installed senders ## Run all tests but the browser's, crash suite included (ARGS=tests/bot chooses)
ifeq ($(ARGS),)
	$(PYTEST) -m "not browser and not crash" $(SIDE_BY_SIDE)
	$(PYTEST) -m crash $(SIDE_BY_SIDE) tests/crash
else
	$(PYTEST) $(ARGS)
endif

test-browser: .venv-dev/.installed chromium ## Run the tests that drive a real Chromium (installs Debian's when missing)
	$(PYTEST) -m browser $(SIDE_BY_SIDE) $(or $(ARGS),tests/browser)

check: .venv-dev/.installed ## Check format, lint, types and import contracts
	$(DEV)/ruff format --check --quiet .
	$(DEV)/ruff check --quiet .
	$(DEV)/mypy
	$(DEV)/lint-imports --no-logo

bench: .venv/.installed .venv-dev/.installed .venv-bench/.installed ## Measure answered turns a second beside two peers
	PATH="$(CURDIR)/$(RUN):$$PATH" PEERS_PYTHON="$(CURDIR)/$(PEERS)/python" $(DEV)/python -m tests.bench $(ARGS)

month: .venv-dev/.installed ## Play a simulated month of 100,000 service events, and say what became of everybody
	@$(DEV)/python -m tests.month $(ARGS)

accept: .venv-dev/.installed ## Rewrite the bot's side of the transcripts and the calendar cases; read the diff before you commit it
	$(DEV)/python -m pytest tests/transcripts tests/recovery/test_calendars.py --accept $(ARGS)

picture: .venv-dev/.installed chromium ## Make the README's picture of the demo page anew
	$(DEV)/python -m tests.picture $(ARGS)

phrases: .venv-dev/.installed ## Find our sentences in the code, bring bot/locale up to date and list what to translate
	@$(DEV)/python -m tests.catalogues

lock: .venv-dev/.installed ## Write requirements/ anew from pyproject.toml (ARGS=--upgrade for newer versions)
	$(compile) --group dev pyproject.toml -o requirements/dev.txt
	$(compile) pyproject.toml -c requirements/dev.txt -o requirements/run.txt
	$(compile) --group build -c requirements/dev.txt -o requirements/build.txt
	$(compile) --group bench -o requirements/bench.txt

# One lock for every platform and Python from 3.11 on, with hashes; where packages come from is the installer's choice.
compile = $(DEV)/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-header \
	--annotation-style line --no-emit-index-url --no-emit-find-links $(ARGS)

clean: ## Remove the environments and caches, never ./data
	rm -rf .venv .venv-dev .venv-bench .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.installed: requirements/run.txt requirements/build.txt pyproject.toml
	$(call install,.venv,requirements/run.txt requirements/build.txt,what running needs,project)

.venv-dev/.installed: requirements/dev.txt pyproject.toml
	$(call install,.venv-dev,requirements/dev.txt,what testing needs,project)

.venv-bench/.installed: requirements/bench.txt
	$(call install,.venv-bench,requirements/bench.txt,the peers of the bench,)

# docs/integrate.md speaks curl and PHP; where they cannot be had, its tests are skipped and say so.
senders:
	@if ! command -v curl >/dev/null || ! command -v php >/dev/null; then \
		sudo=; [ "$$(id -u)" = 0 ] || sudo="sudo -n"; \
		if command -v apt-get >/dev/null && { [ -z "$$sudo" ] || $$sudo true 2>/dev/null; }; then \
			echo "Installing Debian's curl and php-cli with apt-get, for the tests of docs/integrate.md ..."; \
			{ $$sudo apt-get update -qq && \
			DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -qq -y --no-install-recommends curl php-cli; } \
				>/dev/null 2>&1 || echo "They could not be installed; those tests will be skipped." >&2; \
		fi; \
	fi

# The font makes Chinese readable in screenshots; without it they show empty boxes.
CJK_FONT := /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc
chromium:
	@if [ ! -x /usr/bin/chromium ] || [ ! -e $(CJK_FONT) ]; then \
		if ! command -v apt-get >/dev/null; then \
			echo "The browser tests need /usr/bin/chromium and the Noto CJK fonts: install both with your package tool." >&2; exit 1; \
		fi; \
		sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
		if [ -n "$$sudo" ] && ! command -v sudo >/dev/null; then \
			echo "The browser tests need Debian's packages chromium and fonts-noto-cjk: install them as root." >&2; exit 1; \
		fi; \
		echo "Installing Debian's chromium and fonts-noto-cjk with apt-get ..."; \
		$$sudo apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -qq -y --no-install-recommends chromium fonts-noto-cjk >/dev/null; \
	fi
