# The whole way from a fresh clone to a page. Nothing is done again unless what it is made of has changed.

.PHONY: run test check bench build clean
.DEFAULT_GOAL := run

python := .venv/bin/python
node := sh setup/node.sh

seen := $(shell find static/css static/js templates -not -name '.*' 2>/dev/null) $(wildcard static/*.svg)
code := $(shell find playground accounts -name '*.py' 2>/dev/null)
texts := $(wildcard locale/parts/*.po)

run: build
	@exec $(python) manage.py serve

build: static/dist/versions.json locale/.compiled

test: .venv/.complete build
	@sh setup/test_tools.sh
	@sh setup/tests.sh

check: .venv/.complete
	@sh setup/check.sh

bench: .venv/.complete build
	@exec $(python) -m bench $(ONLY)

# The data folder stays.
clean:
	rm -rf .venv node_modules static/dist locale/.compiled .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find locale -name '*.mo' -delete

.venv/.installed: pyproject.toml uv.lock setup/uv.txt setup/python.sh
	@sh setup/python.sh --no-group dev
	@touch $@

.venv/.complete: .venv/.installed
	@sh setup/python.sh
	@touch $@

node_modules/.installed: package.json package-lock.json | .venv/.installed
	@echo "Installing what package-lock.json names"
	@$(node) npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

static/dist/versions.json: node_modules/.installed setup/build.mjs setup/icons.mjs $(seen) $(code)
	@$(node) node setup/build.mjs

locale/.compiled: $(texts) $(seen) setup/texts.py | .venv/.installed
	@$(python) setup/texts.py compile
