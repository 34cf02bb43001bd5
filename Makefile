# The commands of this project. Everything longer than a line stands in scripts/.
# Arguments: make report DATA=embedded QUICK=1; make test ARGS="tests/report -k cover".

.DEFAULT_GOAL := help
.PHONY: help report test check format lock messages reference equations

export DATA QUICK
ARGS ?=

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

report: ## the report: brings what is missing, trains what is not in the store, writes output/report.pdf
	@scripts/report.sh $(ARGS)

test: ## the tests
	@scripts/test.sh $(ARGS)

check: ## ruff, mypy and the tests
	@scripts/check.sh $(ARGS)

format: ## let ruff mend what it can
	uv run ruff check --fix .
	uv run ruff format .

lock: ## resolve all versions anew and write them into pyproject.toml
	uv run --no-project python scripts/lock.py

messages: ## bring the translations in step with what the program says
	uv run python scripts/messages.py $(ARGS)

reference: ## write the tables of docs/reference from the program
	uv run python scripts/reference.py

equations: ## draw templates/equations/*.svg from their TeX sources
	@scripts/equations.sh
