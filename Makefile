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

# The server is a module of its own, so that the program does not carry it.
ETCD    := catalogue/kv/etcd/etcdserver
MEMBERS := etcd://127.0.0.1:23791,127.0.0.1:23792,127.0.0.1:23793

LINT    := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

.PHONY: run build static test faults torture race lint fuzz bench scale million engines check clean learn evaluate relevance etcd cluster

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

etcd: bin/etcd ## leave a member of an etcd cluster at bin/etcd, to test and to try the second engine on

bin/etcd: $(ETCD)/go.mod $(ETCD)/go.sum $(ETCD)/main.go
	cd $(ETCD) && $(GO) build -trimpath -o $(CURDIR)/$@ .

cluster: build etcd ## three members of etcd and two nodes with the demonstration, at ports 8081 and 8082, until Ctrl-C
	@mkdir -p $(DATA)/cluster/node1 $(DATA)/cluster/node2
	@[ -f $(DATA)/cluster/secret ] || (umask 077 && od -An -N32 -tx1 /dev/urandom | tr -d ' \n' > $(DATA)/cluster/secret)
	@members=; nodes=; told=; \
	stop() { trap "" INT TERM; [ "$$told" ] || kill $$nodes; wait $$nodes; kill $$members; wait; }; \
	trap 'told=1; exit 0' INT; trap 'exit 0' TERM; trap stop EXIT; \
	peers=m1=http://127.0.0.1:23801,m2=http://127.0.0.1:23802,m3=http://127.0.0.1:23803; \
	for n in 1 2 3; do \
	  ./bin/etcd --name m$$n --data-dir $(DATA)/cluster/m$$n --log-level fatal --initial-cluster $$peers \
	    --listen-peer-urls http://127.0.0.1:2380$$n --initial-advertise-peer-urls http://127.0.0.1:2380$$n \
	    --listen-client-urls http://127.0.0.1:2379$$n --advertise-client-urls http://127.0.0.1:2379$$n \
	    --auto-compaction-mode periodic --auto-compaction-retention 1h --quota-backend-bytes 8589934592 & \
	  members="$$members $$!"; \
	done; \
	for n in 1 2; do \
	  ./bin/jointly --data $(DATA)/cluster/node$$n --store $(MEMBERS) --secret $(DATA)/cluster/secret \
	    serve --demo --addr 127.0.0.1:808$$n & \
	  nodes="$$nodes $$!"; \
	done; \
	wait

test: build etcd ## every test that this machine can run
	$(GO) vet ./...
	JOINTLY_REQUIRE_ETCD=1 $(GO) test -timeout 18m ./cmd/... ./web/... ./catalogue/... ./search/... # the longest first

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

DOCUMENTS ?= 1000000
million: build ## so many documents loaded once, served and searched: a table; 8 GB of disk and of memory, and half an hour
	JOINTLY_DOCUMENTS=$(DOCUMENTS) $(GO) test -run '^TestLargeCatalogue$$' -count 1 -v -timeout 3h ./cmd/jointly

engines: etcd ## both engines side by side, alone and under the whole catalogue: tables of ratios
	JOINTLY_REQUIRE_ETCD=1 $(GO) test -run '^$$' -bench 'Engines|ClusterRatios' -benchtime 1x ./catalogue/kv/etcd ./cmd/jointly

relevance: ## how good search is on judged queries, query by query and by kind
	$(GO) test -run RelevanceOfJudgedQueries -count 1 -v ./search

# What the service must survive. The names of the tests say the fault; each logs a line of the table.
FAULTS := Kill|PowerCut|TheDiskFills|Damage|FiftyEditors|SentTwentyTimes|ThreeBadRows|BackupUnderLoad|SlowConnections|MoreThanItCanDo|Faults|Clock|Rebuilt|Node|Leader|Lost|MembersFail|Nobody|Space|Naive|LateJob|Linear
faults: build etcd ## what the service survives, as a table
	JOINTLY_REQUIRE_ETCD=1 $(GO) test -count 1 -v -timeout 60m -run '$(FAULTS)' ./... | grep -oE 'fault:.*|^(FAIL|--- FAIL).*'

torture: export JOINTLY_TORTURE = 1
torture: faults ## the same for long: 200 kills, 400 power cuts, half an hour of faults in a cluster, 1,000 worlds to attack
	$(GO) test -count 1 -timeout 60m -run 'NothingIsLearned|NothingPlanted' ./catalogue/demand ./web

check: lint test race ## all that a change should pass

clean:
	rm -rf bin web/assets/node_modules web/assets/dist/*
