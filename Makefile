# Everything a person types. `make help` lists it.
.DEFAULT_GOAL := help
.PHONY: help demo test check bench train content migration setup setup-nlu assets browser clean
PYTHON ?= python3
UV := .uv/bin/uv
KITH := .venv/bin/kith
export UV_PROJECT_ENVIRONMENT := .venv

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

$(UV):
	@echo "Setting up: the package tool …"
	@$(PYTHON) -m venv .uv
	@.uv/bin/pip install --quiet --disable-pip-version-check uv

.venv/.done: $(UV) pyproject.toml uv.lock
	@echo "Setting up: Kith's own environment …"
	@$(UV) sync --quiet --frozen --python $$($(PYTHON) -c 'import sys; print(sys.executable)')
	@touch $@

nlu/.venv/.done: $(UV) nlu/pyproject.toml nlu/uv.lock
	@echo "Setting up: Rasa's environment (Python 3.10, about 2.5 GB; a few minutes the first time) …"
	@cd nlu && UV_PROJECT_ENVIRONMENT=.venv ../$(UV) sync --quiet --frozen --python "$$(sh ../tools/find-python310 ../$(UV))"
	@touch $@

dashboard/static/govuk/.done: .venv/.done dashboard/assets/package-lock.json
	@echo "Setting up: the style sheets of the pages …"
	@sh tools/fetch-assets
	@touch $@

setup: .venv/.done nlu/.venv/.done dashboard/static/govuk/.done ## Set everything up

train: setup ## Train the model (skipped when nothing changed)
	@$(KITH) nlu train

demo: setup ## Set up, and run everything with made-up people until stopped
	@$(KITH) up --demo

check: .venv/.done ## Lint, types, import rules, content and the fast tests
	@$(UV) run --frozen ruff check .
	@$(UV) run --frozen ruff format --check .
	@$(UV) run --frozen mypy
	@$(UV) run --frozen lint-imports --no-logo 2>/dev/null || $(UV) run --frozen lint-imports
	@$(KITH) content check
	@$(UV) run --frozen python -m safeguarding.evaluate
	@$(KITH) themes test
	@$(UV) run --frozen pytest -q -m "not journey and not browser"

browser: ## Install a browser for the page tests where there is none
	@sh tools/find-browser

test: setup browser train check ## Everything: fast tests, the model's bars, journeys, pages
	@$(KITH) nlu test
	@$(UV) run --frozen pytest -q -m "journey or browser"

bench: setup train ## Measure against peers in the same run, for hours; STOCK=--without-stock leaves stock Rasa's training out
	@$(UV) run --frozen python -m benchmarks bot
	@$(UV) run --frozen python -m benchmarks.keeping
	@$(UV) run --frozen python -m benchmarks.pages
	@$(UV) run --frozen python -m benchmarks understanding $(STOCK)

content: .venv/.done ## Check the articles and replies
	@$(KITH) content check

migration: .venv/.done ## Write a migration: make migration MESSAGE="what changed"
	@$(UV) run --frozen python -m storage.migrations.write "$(MESSAGE)"

clean: ## Remove what set-up made (not var/, which holds data)
	@rm -rf .venv .uv nlu/.venv dashboard/static/govuk dashboard/assets/node_modules
