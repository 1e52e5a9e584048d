# Mica. `make` alone lists what there is.

GO          ?= go
STATICCHECK ?= honnef.co/go/tools/cmd/staticcheck@v0.8.2
PACKAGES    ?= ./...
# Packages tested at once. Guests run under emulation where there is no KVM: more at once only makes each slower.
TEST_P      ?= 2
TEST_FLAGS  ?=
VERSION     ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo 0)
LDFLAGS      = -s -w -X main.version=$(VERSION)

export CGO_ENABLED = 0

.DEFAULT_GOAL := help
.PHONY: help build check test test-short host guests bench soak soak-all mutants demo demo-down generate docs dist clean

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: bin/mica ## the static binary, bin/mica

.PHONY: bin/mica
bin/mica:
	$(GO) build $(BUILD_FLAGS) -ldflags '$(LDFLAGS)' -o $@ ./cmd/mica

check: ## gofmt, go vet, staticcheck, and the import law
	@out=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go')); if [ -n "$$out" ]; then echo "gofmt -w these:"; echo "$$out"; exit 1; fi
	$(GO) vet $(PACKAGES)
	$(GO) run $(STATICCHECK) $(PACKAGES)
	$(GO) test ./internal/archtest

host: ## (root) install missing packages, start libvirtd, fix what may be fixed
	deploy/install-packages.sh
	deploy/host-up.sh

guests: ## (root) build the test guests into ~/.cache/mica
	deploy/cached-guest.sh tiny
	deploy/cached-guest.sh debian

test: host guests build ## (root) all tests, with real guests
	$(GO) test -count=1 -p $(TEST_P) -timeout 60m $(TEST_FLAGS) $(PACKAGES)
	@if [ -f e2e/go.mod ]; then cd e2e && $(GO) test -count=1 -p 1 -timeout 60m $(TEST_FLAGS) ./...; fi

test-short: ## the tests that need no root and no guests
	$(GO) test -short $(TEST_FLAGS) $(PACKAGES)

bench: host guests build ## (root) measure against baselines, a JSON line each
	@$(GO) run ./internal/bench

# A seed is a cluster of its own under faults and calls that follow from the seed; MICA_SEED=n runs one alone.
SEEDS   ?= 1000
MINUTES ?= 60
# Real guests: RUNS times a host is cut off, and agents are restarted under GUESTS guests.
RUNS    ?= 100
GUESTS  ?= 20
soak: host guests ## (root) all faults: SEEDS clusters or as many as MINUTES allow, RUNS lost hosts, GUESTS guests
	MICA_SEEDS=$(SEEDS) MICA_MINUTES=$(MINUTES) $(GO) test -count=1 -timeout 0 -run 'TestSeeds|TestScenarios' -v ./internal/nemesis
	$(GO) test -count=$$(( $(SEEDS) / 20 + 3 )) -timeout 0 -run 'TestKillLeaderUnderLoad|TestOneToken|TestLeaderPaused|TestRollingRestart' -v ./internal/clustertest
	MICA_SEEDS=$$(( $(SEEDS) / 20 + 6 )) $(GO) test -count=1 -timeout 0 ./controlplane/consensus
	MICA_ISOLATED_RUNS=$(RUNS) MICA_LAB_GUESTS=$(GUESTS) $(GO) test -count=1 -timeout 0 -v ./internal/labtest

mutants: ## mistakes in the product, one after the other, that the nemesis must find
	MICA_MUTANTS=1 $(GO) test -count=1 -timeout 0 -run TestMutants -v ./internal/nemesis

soak-all: host guests build ## (root) the tests again and again until one fails, with the race detector
	@n=0; while CGO_ENABLED=1 $(GO) test -race -count=1 -p $(TEST_P) -timeout 120m $(TEST_FLAGS) $(PACKAGES); do n=$$((n+1)); echo "soak: $$n rounds passed"; done

demo: ## (root) one host, one Debian guest, from nothing
	deploy/demo.sh

demo-down: ## (root) leave the host as it was before make demo
	deploy/demo-down.sh

generate: ## write generated code again; the tree must stay clean
	$(GO) generate $(PACKAGES)

docs: generate ## write generated documentation again
	MICA_UPDATE=1 $(GO) test -count=1 ./internal/archtest ./controlplane/apilaw

# Without -trimpath, build and test share what they compile: a fresh machine compiles once.
dist: BUILD_FLAGS = -trimpath
dist: build ## dist/: the binary and a Debian package
	deploy/build-deb.sh bin/mica dist $(VERSION)

clean: ## remove bin/ and dist/
	rm -rf bin dist
