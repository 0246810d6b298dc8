# Jointly. Needs Go, Node and make.

DATA ?= data
ADDR ?= 127.0.0.1:8080
GO   ?= go

ASSETS  := web/assets/dist/manifest.json
SOURCES := $(shell find web/assets/src -type f) web/assets/build.mjs web/assets/package.json
# Labelled intentions: what weights are learned from, and what they are never learned from.
LABELLED := catalogue/match/testdata
LEARNED  ?= $(LABELLED)/labelled.jsonl $(LABELLED)/challenge.jsonl $(LABELLED)/fresh.jsonl $(LABELLED)/second.jsonl $(LABELLED)/third.jsonl $(LABELLED)/last.jsonl $(LABELLED)/blind.jsonl $(LABELLED)/wide.jsonl $(LABELLED)/sealed.jsonl $(LABELLED)/closing.jsonl
UNSEEN   ?= $(LABELLED)/unseen.jsonl $(LABELLED)/stranger.jsonl
PAIRS    ?=

LINT    := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

.PHONY: run build static test faults torture race lint fuzz bench scale check clean learn evaluate relevance

run: build ## serve the demonstration catalogue at http://localhost:8080
	./bin/jointly --data $(DATA) serve --demo --addr $(ADDR)

build: $(ASSETS) ## leave the program at bin/jointly
	$(GO) build -trimpath -o bin/jointly ./cmd/jointly

static: $(ASSETS) ## leave the program at bin/jointly without C and with the time zones in it
	CGO_ENABLED=0 $(GO) build -trimpath -tags timetzdata -ldflags='-s -w' -o bin/jointly ./cmd/jointly

$(ASSETS): web/assets/node_modules/.installed $(SOURCES)
	cd web/assets && node build.mjs

# npm ci runs once for each state of the lockfile.
web/assets/node_modules/.installed: web/assets/package-lock.json web/assets/package.json
	cd web/assets && npm ci
	touch $@

test: build ## every test that this machine can run
	$(GO) vet ./...
	$(GO) test -timeout 15m ./...

race: build ## the tests under the race detector
	$(GO) test -race -short -timeout 15m ./catalogue/... ./search/... ./web/... ./cmd/...

lint:
	$(GO) run $(LINT) run ./...

fuzz: ## each fuzz target for half a minute
	@for pkg in $$($(GO) list ./...); do \
	  for target in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
	    echo "$$pkg $$target"; $(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime 30s $$pkg || exit 1; \
	  done; done

bench: build ## ratios against bare building blocks, in one run
	$(GO) test -run '^$$' -bench . -benchtime 1s -timeout 30m ./catalogue/... ./search/... ./web/... ./cmd/...

learn: build ## learn catalogue/match/weights.json anew from the labelled sets; PAIRS= adds files of labelled pairs
	./bin/jointly learn $(LEARNED) $(PAIRS:%=--pairs %) --out catalogue/match/weights.json

evaluate: build ## how good matching is, with each feature switched off in turn
	./bin/jointly evaluate $(LEARNED) $(UNSEEN:%=--unseen %) $(PAIRS:%=--pairs %)

scale: ## the matcher over 1,000, 10,000 and 100,000 intentions: a table
	$(GO) test -run '^$$' -bench Scale -benchtime 1x -timeout 30m ./catalogue/match

relevance: ## how good search is on judged queries, query by query and by kind
	$(GO) test -run RelevanceOfJudgedQueries -count 1 -v ./search

# What the service must survive. The names of the tests say the fault; each logs a line of the table.
FAULTS := Kill|PowerCut|TheDiskFills|Damage|FiftyEditors|SentTwentyTimes|ThreeBadRows|BackupUnderLoad|SlowConnections|MoreThanItCanDo|Faults|Clock|Rebuilt|Node|Leader|Lost
faults: build ## what the service survives, as a table
	$(GO) test -count 1 -v -timeout 60m -run '$(FAULTS)' ./... | grep -oE 'fault:.*|^(FAIL|--- FAIL).*'

torture: export JOINTLY_TORTURE = 1
torture: faults ## the same for long: 200 kills, 400 power cuts, half an hour of faults in a cluster

check: lint test race ## all that a change should pass

clean:
	rm -rf bin web/assets/node_modules web/assets/dist/*
