# Two commands matter: `make run` opens the desk, `make test` proves the tree.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules

TARGET := $(or $(CARGO_TARGET_DIR),target)
# Directories are listed too: their times tell of files that went away.
UI_SOURCES := $(shell find ui -path ui/node_modules -prune -o -path 'ui/dist*' -prune -o -print 2>/dev/null | grep -v '^ui$$')

# The same packages and kinds of targets as the tests build: a narrower build would have other features
# of its dependencies, and everything would be built twice.
CARGO_BUILD := cargo build --locked --workspace --bins --examples

.PHONY: help run test check unit shop sim kill fuzz bench bench-pull bench-forecast bench-roster \
	bench-plan screenshots fmt bindings setup clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: desk ## Build the desk and open it; ARGS="--data-dir DIR" keeps its data elsewhere
	@.ci/open "$(TARGET)/debug/dzvinok-desk" $(ARGS)

test: check unit ## Everything: formats, lints, licences, docs, UI, crates, real window and real shop
	@.ci/summary

check: target/.setup ui/dist/index.html ## Formats, lints, types, licences and docs, without running anything
	.ci/check

unit: desk tests/vendure/node_modules/.package-lock.json ## All tests, after a build
	.ci/unit

shop: target/.setup tests/vendure/node_modules/.package-lock.json ## A real shop on the loopback with orders waiting; PORT=3000
	@.ci/shop

sim: target/.setup ## Ten thousand days of the exchange in a world that fails; DAYS= FIRST_SEED= BREAK=no-marker
	cargo run --locked --release --package sim -- --days $(or $(DAYS),10000) \
		--first-seed $(or $(FIRST_SEED),1) $(if $(BREAK),--break $(BREAK))

kill: desk ## kill -9 a thousand times while importing and sending; KILLS= SEED=
	$(TARGET)/debug/killing $(or $(KILLS),1000) $(or $(SEED),1)

fuzz: target/.setup ## Fuzzes each parser, two at a time; TIME_S=600 PARSERS="..."
	.ci/fuzz

# The command line as it is by itself: with the window it would have the features of both.
bench-pull: target/.setup ## Pulls 100,000 orders beside a straight script; ORDERS= LATENCY_MS=
	cargo build --locked --release --package cli --package acceptance --bin dzvinok --bin pull_bench
	$(TARGET)/release/pull_bench $(or $(ORDERS),100000) $(or $(LATENCY_MS),0)

bench-roster: ## Solves a shift benchmark on two threads and writes the roster; INSTANCE= TIME_S=60 OUT=target/roster.txt SEED=1
	$(if $(INSTANCE),,$(error say which: make bench-roster INSTANCE=Instance1.txt))
	@cargo run --quiet --locked --release --package roster --example benchmark -- \
		"$(INSTANCE)" $(or $(TIME_S),60) "$(or $(OUT),target/roster.txt)" $(or $(SEED),1)

bench: target/.setup ui/dist/index.html ## Cold start against an empty window, and from key to screen
	$(CARGO_BUILD) --release
	$(TARGET)/release/bench $(CALLS)

bench-forecast: target/.setup ## Judges the forecast on a series, week by week; DATA=file.csv (timestamp,count) COUNTRY=US
	@test -n "$(DATA)" || { echo 'bench-forecast: name the series: make bench-forecast DATA=file.csv' >&2; exit 2; }
	cargo run --locked --release --quiet --package forecast --example rolling_origin -- "$(DATA)" $(COUNTRY)

bench-plan: target/.setup ui/dist/index.html ## Forecasts, staffs and plans four weeks of 200 people and 12 projects, and keys in its grid; TIME_S=20
	$(CARGO_BUILD) --release
	$(TARGET)/release/examples/bench_plan $(or $(TIME_S),20)
	$(TARGET)/release/plan_bench

screenshots: desk ## Every page in four languages, light and dark, into screenshots/; LANGUAGES="uk pl"
	$(TARGET)/debug/screenshots $(LANGUAGES)

fmt: target/.setup ui/node_modules/.package-lock.json ## Format everything
	cargo fmt --all
	npm --prefix ui run lint -- --fix

bindings: target/.setup ui/dist/index.html ## Write the TypeScript border anew from the Rust types
	WRITE_BINDINGS=1 cargo test --quiet --workspace --lib bindings_are_current

setup: ## Name and install what this machine lacks
	@rm -f target/.setup
	@$(MAKE) --no-print-directory target/.setup

clean: ## Remove what was built
	rm -rf target ui/dist ui/node_modules tests/vendure/node_modules screenshots

.PHONY: desk
desk: target/.setup ui/dist/index.html
	$(CARGO_BUILD)

target/.setup: .ci/setup
	@.ci/setup
	@mkdir -p target && touch $@

%/node_modules/.package-lock.json: %/package.json %/package-lock.json | target/.setup
	npm --prefix $* ci --no-audit --no-fund --loglevel error
	@touch $@

ui/dist/index.html: ui/node_modules/.package-lock.json $(UI_SOURCES)
	npm --prefix ui run build
