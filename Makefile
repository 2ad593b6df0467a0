# Everything works on a throw-away Odoo 19 in .odoo/ (see dev/README.md); nothing is installed on the system.
.PHONY: help setup demo stop test installtest bench lint readme dashboards wheel screenshots figures clean
ARGS ?=
DAY ?=
MATRIX ?=
PAIRS ?=

help: ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 14
	@echo "Variables: QC_PORT (8069) QC_INTERFACE (127.0.0.1) QC_HOME (.odoo) QC_CACHE QC_DEMO_DB QC_TEST_DB"
	@echo "           ODOO_SOURCE (an Odoo 19 source tree) ODOO_DEB (a package file) PYTHON PGHOST PGPORT PGUSER PGPASSWORD"

setup: ## fetch Odoo and its tools (once; cached for other checkouts)
	@dev/qc setup

demo: ## start a server with the demo company
	@dev/qc demo

stop: ## stop the server and the database
	@dev/qc stop

test: ## install into a fresh database and run every test (ARGS="-k refund" narrows it, DAY="2028-02-29 23:55" says when it is, MATRIX=large plays more combinations)
	@QC_DAY="$(DAY)" QC_MATRIX="$(MATRIX)" QC_PAIRS="$(PAIRS)" dev/qc test $(ARGS)

installtest: ## install into a database with business in it, upgrade, uninstall; upgrade the last release's database
	@dev/qc install-test

bench: ## measure time limits, and screens beside other addons (figures: benchmarks/README.md)
	@dev/qc bench

lint: ## ruff, pylint-odoo, OCA checks, prettier, eslint, translations, rooms: zero findings
	@dev/qc lint

readme: ## make every README.rst and index.html from the parts in readme/
	@dev/qc readme

dashboards: ## make the files of the dashboards from dev/dashboards.py
	@dev/qc dashboards

wheel: ## build the addons as wheels into dist/
	@dev/qc wheel

screenshots: ## take the README's pictures from the running demo
	@dev/qc screenshots

figures: ## measure in the running demo how far down a complaint's text stands (limits: dev/screen_figures.py)
	@dev/qc figures

clean: ## stop everything and remove the set-up (not the download cache)
	@dev/qc clean
