# Two commands matter: `make run` and `make test`. Both begin with `setup`, which needs only Python 3.11.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Two workers; where session fixtures are dear, each test file or folder in one of them (tests/conftest.py).
PARALLEL := -n 2
GROUPED := $(PARALLEL) --dist loadscope --no-loadscope-reorder
export PYTHONDONTWRITEBYTECODE :=
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export GX_ANALYTICS_ENABLED := false
export DAGSTER_DISABLE_TELEMETRY := yes
export DO_NOT_TRACK := 1

.PHONY: help setup run test test-long test-delta test-spark check unit lint lint-sql types sql ui specs bench fuzz endurance docs sbom audit clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

$(VENV)/.ready: requirements-dev.lock bootstrap.lock pyproject.toml
	@echo "Cài đặt môi trường vào $(VENV) (một lần, khoảng một phút)…"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Cần Python 3.11 trở lên." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bootstrap.lock
	@$(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes --no-build --python $(BIN)/python requirements-dev.lock
	@$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	@touch $@

setup: $(VENV)/.ready ## make .venv with .venv/bin/kho from the lock file

run: setup ## run the nightly job on data/raw (a synthetic province is made when it is empty)
	@$(BIN)/kho run --mau-neu-trong

test: setup check lint-sql ## everything: lint, types, unit, dbt, integration and end-to-end tests
	@$(BIN)/python -m pytest $(GROUPED) -m "not dai" tests/e2e tests/integration

test-long: setup ## what does not fit into `make test`: other examples of properties, versions made again, random nights against a rebuild, the founding report
	@$(BIN)/python -m pytest $(PARALLEL) --hypothesis-profile=default -m "not dai" $$(grep -rl '^from hypothesis' --include='*.py' tests/unit tests/integration)
	@$(BIN)/python -m pytest $(GROUPED) -m dai tests/e2e tests/integration

SPARK_VENV := .venv-spark
$(SPARK_VENV)/.ready: deploy/spark/requirements.lock $(VENV)/.ready
	@echo "Cài đặt Spark vào $(SPARK_VENV) (một lần, khoảng 0,9 GB; cần Java 17 trở lên)…"
	@test -x $(SPARK_VENV)/bin/python || $(BIN)/uv venv --quiet --python $(BIN)/python $(SPARK_VENV)
	@sed -n '/^setuptools==/,/[^\\]$$/p' deploy/spark/requirements.lock > $(SPARK_VENV)/dung.lock
	@$(BIN)/uv pip install --quiet --require-hashes --no-build --python $(SPARK_VENV)/bin/python --requirement $(SPARK_VENV)/dung.lock
	@$(BIN)/uv pip sync --quiet --require-hashes --no-build-isolation --python $(SPARK_VENV)/bin/python deploy/spark/requirements.lock
	@touch $@

test-spark: setup $(SPARK_VENV)/.ready ## the small sample built by DuckDB and by Spark, then a night of changes on both, every model compared (docs/mo_rong.md; half an hour)
	@$(BIN)/python -m tests.spark.run --spark $(SPARK_VENV)
	@$(BIN)/python -m tests.spark.run --spark $(SPARK_VENV) --night

check: setup ## lint, types, unit tests: under two minutes
	@$(MAKE) --no-print-directory --jobs 3 lint types unit

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

lint-sql: setup ## the models' style: 45 s of CPU, so not in `make check`
	@$(BIN)/sqlfluff lint --processes 2 dbt_project/models dbt_project/tests

types: setup
	@$(BIN)/mypy

DELTA_NIGHTS ?= 200
DELTA_SEED ?= 6
test-delta: setup ## DELTA_NIGHTS random nights from DELTA_SEED on, each compared with a full rebuild (hours)
	@DELTA_NIGHTS=$(DELTA_NIGHTS) DELTA_SEED=$(DELTA_SEED) $(BIN)/python -m pytest tests/integration/delta -q -x

unit: setup
	@$(BIN)/python -m pytest $(PARALLEL) tests/unit

ui: setup ## Dagster's web UI with its daemon on 127.0.0.1:3000
	@$(BIN)/kho ui

docs: setup ## write again what the machine writes: docs/feeds, dbt sources, staging models, glossary, fields of papers, index of questions
	@$(BIN)/python -m pipelines.house.docs
	@$(BIN)/python -m pipelines.papers.fields_page
	@$(BIN)/python -m pipelines.questions

specs: setup ## write again the snapshot of all Dagster specs that a test holds: tests/unit/orchestrate/specs.json
	@$(BIN)/python -m tests.unit.orchestrate.snapshot

bench: setup ## benchmarks, each as a ratio against the bare library in the same run (hours; benchmarks.nation apart)
	@failed=; for name in $(filter-out nation,$(basename $(notdir $(wildcard benchmarks/*.py)))); do \
		echo "== $$name"; $(BIN)/python -m benchmarks.$$name || failed="$$failed $$name"; done; \
		test -z "$$failed" || { echo "không đạt:$$failed" >&2; exit 1; }

KILLS ?= 40
NIGHTS ?= 50
endurance: setup ## the real program disturbed: KILLS kills, NIGHTS nights, full disks (as root), no network (docs/do_ben.md; hours)
	@$(BIN)/python -m tests.endurance.kills --kills $(KILLS)
	@$(BIN)/python -m tests.endurance.nights --nights $(NIGHTS)
	@$(BIN)/python -m tests.endurance.retention
	@$(BIN)/python -m tests.endurance.full_disk
	@$(BIN)/python -m tests.endurance.no_network
	@$(BIN)/python -m tests.endurance.readers

FUZZ_SECONDS ?= 120
fuzz: setup ## fuzz the byte-level readers, FUZZ_SECONDS each
	@for target in csv json xlsx html xls ods spreadsheet_xml; do mkdir -p build/fuzz/$$target; \
		$(BIN)/python -m tests.fuzz.fuzz_$$target build/fuzz/$$target tests/fuzz/corpus/$$target \
		-max_total_time=$(FUZZ_SECONDS) -artifact_prefix=build/fuzz/ -timeout=20 || exit 1; done
	@$(BIN)/python -m tests.fuzz.fuzz_worker --seconds $(FUZZ_SECONDS)

COMPILE := uv pip compile --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	--no-strip-extras --no-annotate --quiet
POSTGRES := deploy/dagster
SPARK := deploy/spark
lock: ## refresh the locks: requirements.lock for servers is a part of requirements-dev.lock; what PostgreSQL adds, and Spark, are apart
	@$(BIN)/$(COMPILE) pyproject.toml --extra dev --output-file requirements-dev.lock
	@$(BIN)/$(COMPILE) pyproject.toml --constraints requirements-dev.lock --output-file requirements.lock
	@$(BIN)/$(COMPILE) $(POSTGRES)/postgres.in --no-deps --constraints requirements-dev.lock --output-file $(POSTGRES)/requirements.lock
	@$(BIN)/$(COMPILE) $(SPARK)/spark.in --constraints requirements-dev.lock --output-file $(SPARK)/requirements.lock

sbom: setup ## bill of materials of the lock (CycloneDX) in build/sbom.cdx.json
	@mkdir -p build
	@$(BIN)/python -c 'from importlib.metadata import version; from pipelines.upkeep.sbom import sbom; print(sbom(version("kho06")), end="")' \
		> build/sbom.cdx.json

audit: setup ## the lock against published advisories (pip-audit; needs a network)
	@$(BIN)/uv tool run pip-audit --strict --require-hashes --disable-pip --requirement requirements.lock

clean: ## remove the environment and every cache; data/ is left alone
	@rm -rf $(VENV) $(SPARK_VENV) build *.egg-info .mypy_cache .ruff_cache .hypothesis dbt_project/target dbt_project/logs
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
