# payguide: `make guide` builds the salary guide, `make test` tests it. `make help` lists the rest.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
OUT    ?= out/ml-engineer-2026
# a process for each core; a run of tests that follow each other stays together, so that what they share is made once,
# and who has no more takes half of what another has left, so that none waits
PYTEST := $(BIN)/pytest -n auto --dist worksteal

# whatever the surroundings say: tests start many processes, which would all compile the same files again
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help guide check test test-spark-s3 test-slow coverage browser docs pack lock clean

help:            ## what can be made
	@grep -E '^[a-z-]+: .*##|^[a-z-]+:  *##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

guide: $(VENV)/run.stamp   ## build the edition and its site from the packaged evidence
	$(BIN)/payguide build --out $(OUT)

check: $(VENV)/dev.stamp   ## format, lint, types, import contracts, size and duplicate limits
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/limits.py src tests tools
	$(BIN)/python tools/duplicates.py src

test: $(VENV)/dev.stamp browser   ## what every change must pass, in minutes
	$(PYTEST) -m "not slow"

test-spark-s3: $(VENV)/dev.stamp   ## what every change must pass on Spark and in S3-compatible storage too
	$(PYTEST) -m "slow and (spark or s3)"

test-slow: $(VENV)/dev.stamp browser   ## everything, the long simulations and all kills too
	$(PYTEST) --hypothesis-profile=thorough

coverage: $(VENV)/dev.stamp browser   ## branch coverage of those two
	$(PYTEST) -m "not slow or spark or s3" --cov --cov-report=term --cov-report=xml

browser:         ## a Chromium for the browser tests, from Debian's packages where it may
	@tools/chromium.sh

docs: $(VENV)/dev.stamp guide browser   ## write what the documents say of the edition, and its picture
	$(BIN)/python tools/readme.py $(OUT)
	PAYGUIDE_EDITION=$(OUT) PAYGUIDE_SCREENSHOT=docs/page.png $(BIN)/pytest tests/browser -k picture

pack: $(VENV)/dev.stamp   ## rebuild the packaged evidence: make pack LIBRARY=path/to/library
	$(BIN)/python tools/employers.py $(LIBRARY)
	rm -rf out/evidence
	-$(BIN)/payguide collect library:$(LIBRARY) --evidence out/evidence
	$(BIN)/python tools/level_mix.py out/evidence $(LIBRARY)
	$(BIN)/python tools/market.py out/evidence $(LIBRARY)
	$(BIN)/payguide backtest --evidence out/evidence
	$(BIN)/payguide pack $(LIBRARY) --evidence out/evidence
	$(BIN)/python tools/outliers.py out/evidence
	$(BIN)/python tools/decoding.py $(LIBRARY)
	$(BIN)/python tools/kept_back.py out/evidence

lock: $(VENV)/dev.stamp   ## resolve the exact versions again (needs uv); the files name no registry
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --no-emit-find-links --extra build pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --no-emit-find-links --extra build --extra dev --extra spark -c requirements.txt \
	    pyproject.toml -o requirements-dev.txt

clean:           ## remove what was made
	rm -rf $(VENV) out build dist .coverage coverage.xml .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "payguide needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing the locked requirements into $(VENV) (a minute or two, once) ..."
	$(PIP) install --require-hashes --no-deps -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing the locked development requirements into $(VENV) (a few minutes, once) ..."
	$(PIP) install --require-hashes --no-deps -r requirements-dev.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/run.stamp
