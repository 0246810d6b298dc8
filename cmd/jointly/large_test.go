package main

// What a large catalogue costs: make million. The same with few documents is a test.

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"jointly/catalogue"
	"jointly/search"
)

const (
	documentsVariable = "JOINTLY_DOCUMENTS"   // how many there are to be: make million
	fillVariable      = "JOINTLY_TEST_FILL"   // makes the test binary fill a folder with so many and end
	fillFolder        = "JOINTLY_TEST_FOLDER" // which
)

// fillAsked fills the folder that the environment names and prints how that went: in a process of its own, so that its
// memory is not counted with another's.
func fillAsked() int {
	documents, err := strconv.Atoi(os.Getenv(fillVariable))
	var out filled
	if err == nil {
		out, err = fill(context.Background(), os.Getenv(fillFolder), documents)
	}
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// TestLargeCatalogue fills a store, serves it twice, with no index and with one, searches it, lists intentions and waits
// until they are found and matched. With JOINTLY_DOCUMENTS it is as large as that says, and prints what all that took.
func TestLargeCatalogue(t *testing.T) {
	documents, rounds, within := 2000, 2, time.Minute
	if asked := os.Getenv(documentsVariable); asked != "" {
		var err error
		if documents, err = strconv.Atoi(asked); err != nil || documents < 1000 {
			t.Fatalf("%s takes a number of documents from 1000 on, not %q", documentsVariable, asked)
		}
		rounds, within = 200, time.Hour
	} else if testing.Short() {
		t.Skip("skipped with -short: it starts the program twice")
	}
	dir := t.TempDir()
	l := &large{T: t, dir: dir, within: within, rounds: rounds}
	l.table = tabwriter.NewWriter(&l.report, 0, 0, 2, ' ', 0)
	l.filled(documents)
	l.started("start from nothing", false)
	l.started("start with the index there", true)
	l.open()
	l.must(l.table.Flush())
	if os.Getenv(documentsVariable) != "" {
		fmt.Println(l.report.String())
	}
}

// large is a large catalogue that is measured.
type large struct {
	*testing.T
	dir    string
	within time.Duration // that anything must come true in
	rounds int           // of each search, and new intentions
	counts counts
	report bytes.Buffer
	table  *tabwriter.Writer
}

// say adds a line to the table, and shows it at once where a run takes long.
func (l *large) say(format string, args ...any) {
	l.Helper()
	if l.rounds > 2 {
		l.Logf(format, args...)
	}
	if _, err := fmt.Fprintf(l.table, format+"\n", args...); err != nil {
		l.Fatal(err)
	}
}

func (l *large) must(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

// filled fills the store in a process of its own.
func (l *large) filled(documents int) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fillVariable+"="+strconv.Itoa(documents), fillFolder+"="+l.dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	l.must(err)
	f := parsed[filled](l, string(out))
	l.counts = f.Counts
	if n := f.Counts.documents(); n < documents*9/10 || n > documents*11/10 {
		l.Fatalf("%d documents were asked for and %d made: %+v", documents, n, f.Counts)
	}
	store, err := sizeOf(filepath.Join(l.dir, storeFile))
	l.must(err)
	l.say("%d documents: %d contracts, %d intentions, %d platforms, %d suppliers; %d uses beside them. %d cores, %s of memory, %s",
		f.Counts.documents(), f.Counts.Contracts, f.Counts.Intentions, f.Counts.Platforms, f.Counts.Suppliers, f.Counts.Uses, runtime.NumCPU(), size(machineMemory()), runtime.Version())
	rows := f.Counts.documents() + f.Counts.Uses
	l.say("imported council by council\t%s\t%.0f rows/s; first tenth %.0f/s, last %.0f/s; longest file %s", brief(f.Took), float64(rows)/f.Took.Seconds(), f.First, f.Last, brief(f.Slowest))
	l.say("\t\t%s", f.Memory)
	l.say("\t\tstore on disk %s", size(store))
}

// machineMemory is how much memory the machine has; 0 where it does not tell.
func machineMemory() uint64 {
	b, err := os.ReadFile("/proc/meminfo")
	fields := strings.Fields(string(b))
	if err != nil || len(fields) < 2 {
		return 0
	}
	n, err := strconv.ParseUint(fields[1], 10, 64)
	if err != nil {
		return 0
	}
	return n << 10
}

func brief(d time.Duration) string {
	switch {
	case d > 10*time.Second:
		return d.Round(time.Second).String()
	case d > time.Second:
		return d.Round(10 * time.Millisecond).String()
	}
	return d.Round(10 * time.Microsecond).String()
}

// started serves the folder as a process, waits for each part of it, and may search it.
func (l *large) started(what string, searched bool) {
	began := time.Now()
	cmd := program(l, l.dir, "--data", l.dir, "serve", "--addr", "127.0.0.1:0")
	out, log := newLines(), newLines()
	cmd.Stdout, cmd.Stderr = out, log
	l.must(cmd.Start())
	ended := false
	defer func() {
		if !ended {
			_ = cmd.Process.Kill() // the failure is told of already
			_ = cmd.Wait()
		}
	}()
	address := ""
	select {
	case address = <-out.address:
	case <-time.After(l.within):
		l.Fatalf("serve does not begin: %s", clip(log.String()))
	}
	part := func(name string, there func() bool) {
		eventually(l, l.within, name, there)
		took := time.Since(began)
		m, err := memoryNow(cmd.Process.Pid)
		l.must(err)
		g, err := gauges(address)
		l.must(err)
		m.Heap = uint64(g["go_memstats_heap_alloc_bytes"])
		l.say("%s: %s\t%s\t%s", what, name, brief(took), m)
	}
	follows := func(who string) func() bool {
		return func() bool {
			g, err := gauges(address)
			l.must(err)
			lag, ok := g[`jointly_feed_lag{follower="`+who+`"}`]
			return ok && lag == 0
		}
	}
	part("the home page answers", func() bool { return answered(address + "/") })
	part("a contract's council answers", func() bool { return answered(address + "/councils/E08000025") })
	part("the matcher knows all", follows("matcher"))
	part("search knows all, and it is ready", func() bool { return follows("search")() && answered(address+"/readyz") })
	if searched {
		l.overHTTP(address)
	}
	index, err := sizeOf(filepath.Join(l.dir, indexFolder))
	l.must(err)
	m, err := memoryNow(cmd.Process.Pid)
	l.must(err)
	l.say("\t\tat its end %s; index on disk %s", m, size(index))
	stopped := time.Now()
	l.must(cmd.Process.Signal(os.Interrupt))
	err = cmd.Wait()
	ended = true
	if err != nil {
		l.Fatalf("serve ends with %v: %s", err, clip(log.String()))
	}
	l.say("%s: stopped\t%s", what, brief(time.Since(stopped)))
}

func answered(address string) bool {
	status, _, err := fetched(address)
	return err == nil && status == http.StatusOK
}

func fetched(address string) (status int, body []byte, err error) {
	r, err := http.Get(address)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = r.Body.Close() }() // it was only read
	body, err = io.ReadAll(r.Body)
	return r.StatusCode, body, err
}

// sought is one kind of search.
type sought struct {
	name    string
	texts   []string
	narrow  func(*search.Query)
	plain   bool // without facets
	typing  bool // names as they are typed
	nothing bool // it may find nothing
}

// searches are what is measured: the words of the dictionary are in many documents, a reference in one or none.
func searches() []sought {
	return []sought{
		{name: "one common word", texts: []string{"support", "housing", "library", "planning", "licences"}},
		{name: "the same without facets", texts: []string{"support", "housing", "library", "planning", "licences"}, plain: true},
		{name: "one rare word", texts: []string{"DN123456", "DN654321", "DN000777", "DN999001", "DN424242"}, nothing: true},
		{name: "two words", texts: []string{"housing repairs", "council tax", "parking permits", "planning applications", "adult care"}},
		{name: "many words, all in few", texts: []string{"case management with assessments and payments hosted", "library catalogue self service support", "highways asset management maintenance licences"}},
		{name: "any of some words", texts: []string{"housing OR library OR parking", "planning OR waste OR payroll", "support OR hosting OR licences"}},
		{name: "narrowed by facets", texts: []string{"support", "housing", "planning"}, narrow: func(q *search.Query) {
			q.Kinds, q.Regions, q.Ended = []catalogue.Kind{catalogue.KindContract}, []string{"London", "South East"}, true
		}},
		{name: "no words, ending soonest", texts: []string{""}, narrow: func(q *search.Query) { q.Sort = search.ByEnd }},
		{name: "type-ahead", texts: []string{"c", "hous", "park", "supplier 2", "library"}, typing: true},
	}
}

// query is one of its searches.
func (s sought) query(n int) search.Query {
	q := search.Query{Text: s.texts[n%len(s.texts)], Limit: 20, Highlight: true}
	if !s.plain {
		q.Facets = search.Facets()
	}
	if s.narrow != nil {
		s.narrow(&q)
	}
	return q
}

// values are the same search as the API takes it.
func (s sought) values(q search.Query) url.Values {
	v := url.Values{"q": {q.Text}}
	for _, f := range search.Facets() {
		if chosen := q.Chosen(f); len(chosen) > 0 {
			v[string(f)] = chosen
		}
	}
	if q.Ended {
		v.Set("ended", "true")
	}
	if q.Sort != "" {
		v.Set("sort", string(q.Sort))
	}
	return v
}

// timed does something in turns by so many at once, and gives the sorted times of what was done and how much was turned
// away for want of time.
func (l *large) timed(clients int, fn func(n int) (bool, error)) (times []time.Duration, refused int) {
	l.Helper()
	const most = 5 * time.Second
	var mu sync.Mutex
	var all sync.WaitGroup
	began := time.Now()
	for c := range clients {
		all.Go(func() {
			for n := c; n < max(l.rounds, clients) && time.Since(began) < most; n += clients {
				started := time.Now()
				ok, err := fn(n)
				took := time.Since(started)
				mu.Lock()
				switch {
				case err != nil:
					l.Error(err)
				case !ok:
					refused++
				default:
					times = append(times, took)
				}
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	all.Wait()
	slices.Sort(times)
	return times, refused
}

// measured searches in each way, alone and by eight at once.
func (l *large) measured(where string, ask func(sought, int) (found int, refused bool, err error)) {
	for _, s := range searches() {
		row, hits := "", 0
		for _, clients := range []int{1, 8} {
			times, refused := l.timed(clients, func(n int) (bool, error) {
				found, refused, err := ask(s, n)
				if err == nil && !refused && found == 0 && !s.nothing && n < len(s.texts) {
					err = fmt.Errorf("%s, %s: nothing is found for %q", where, s.name, s.texts[n])
				}
				if clients == 1 && n == 0 {
					hits = found
				}
				return !refused, err
			})
			if l.Failed() {
				return
			}
			if len(times) == 0 {
				row += fmt.Sprintf("\tnone answered by %d", clients)
			} else {
				row += fmt.Sprintf("\tp50 %s, p99 %s by %d", brief(share(times, .5)), brief(share(times, .99)), clients)
			}
			if refused > 0 {
				row += fmt.Sprintf(" (%d refused)", refused)
			}
		}
		l.say("%s: %s (%d)%s", where, s.name, hits, row)
	}
}

// overHTTP searches as the public does.
func (l *large) overHTTP(address string) {
	l.measured("over HTTP", func(s sought, n int) (int, bool, error) {
		q := s.query(n)
		path := "/api/v1/search?" + s.values(q).Encode()
		if s.typing {
			path = "/search/suggest?q=" + url.QueryEscape(q.Text)
		}
		status, body, err := fetched(address + path)
		if err != nil || status == http.StatusServiceUnavailable {
			return 0, err == nil, err
		}
		if status != http.StatusOK {
			return 0, false, fmt.Errorf("%s: status %d: %s", path, status, clip(string(body)))
		}
		if s.typing {
			var names []string
			err := json.Unmarshal(body, &names)
			return len(names), false, err
		}
		var answer struct{ Total int }
		err = json.Unmarshal(body, &answer)
		return answer.Total, false, err
	})
}

// open searches as councils do, and lists intentions, in this process.
func (l *large) open() {
	ctx, cancel := context.WithCancel(l.Context())
	a, err := opened(ctx, Globals{Data: l.dir}, slog.New(slog.DiscardHandler))
	l.must(err)
	index, err := a.searching(ctx)
	l.must(err)
	engine, err := a.matching(ctx)
	l.must(err)
	var following sync.WaitGroup
	following.Go(func() { _ = index.Follow(ctx) }) // it ends when this does
	following.Go(func() { _ = engine.Follow(ctx) })
	defer func() {
		cancel()
		following.Wait()
		l.must(a.close())
	}()
	all, err := index.Search(ctx, catalogue.Councils, search.Query{Ended: true, Limit: 1, Kinds: []catalogue.Kind{catalogue.KindContract, catalogue.KindPlatform, catalogue.KindSupplier}})
	l.must(err)
	if want := l.counts.Contracts + l.counts.Platforms + l.counts.Suppliers; all.Total != want {
		l.Errorf("councils find %d contracts, platforms and suppliers, want %d", all.Total, want)
	}
	l.compared(ctx, a)
	l.measured("for councils", func(s sought, n int) (int, bool, error) {
		q := s.query(n)
		if s.typing {
			names, err := index.Suggest(ctx, catalogue.Councils, q.Text, 8)
			return len(names), catalogue.KindOf(err) == catalogue.Unavailable, err
		}
		found, err := index.Search(ctx, catalogue.Councils, q)
		if catalogue.KindOf(err) == catalogue.Unavailable {
			return 0, true, nil
		}
		return found.Total, false, err
	})
	l.listed(ctx, a)
}

// compared sees that the matcher knows every open intention that other councils share.
func (l *large) compared(ctx context.Context, a *app) {
	const council = "E08000025"
	want, today := 0, a.catalogue.Today()
	l.must(a.catalogue.Each(ctx, catalogue.Operator("test"), catalogue.KindIntention, func(item catalogue.Item) error {
		if in := item.(*catalogue.Intention); in.Visibility != catalogue.Own && in.Council != council && !in.Ended(today) {
			want++
		}
		return nil
	}))
	m, err := a.engine.Draft(ctx, catalogue.Intention{Council: council, Title: "Library system"})
	l.must(err)
	if m.Compared != want || want == 0 {
		l.Errorf("a need is compared with %d others, want %d", m.Compared, want)
	}
}

// listed lists new intentions and waits until each is found and matched.
func (l *large) listed(ctx context.Context, a *app) {
	w, err := newLargeWorld(a, 1000)
	l.must(err)
	var found, matched []time.Duration
	for n := range max(l.rounds, 2) {
		council := w.councils[n%len(w.councils)]
		in := w.intention(n, council).(*catalogue.Intention)
		word := fmt.Sprintf("trial%d", n)
		in.Ref, in.Visibility, in.Title = "", catalogue.Councils, in.Title+" "+word
		saved, err := a.catalogue.SaveIntention(ctx, catalogue.Actor{Account: "writer", Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: council.GSS, Via: "test"}, *in)
		l.must(err)
		began := time.Now()
		var both sync.WaitGroup
		both.Go(func() {
			if !a.index.Wait(ctx, catalogue.Councils, saved.Version, l.within) {
				l.Error("a new intention is not found")
			}
			found = append(found, time.Since(began))
		})
		both.Go(func() {
			if !a.engine.Wait(ctx, saved.Version, l.within) {
				l.Error("a new intention is not matched")
			}
			a.engine.Groups()
			matched = append(matched, time.Since(began))
		})
		both.Wait()
		hits, err := a.index.Search(ctx, catalogue.Councils, search.Query{Text: word, Exact: true})
		l.must(err)
		if len(hits.Hits) != 1 || hits.Hits[0].Key.ID != saved.ID {
			l.Errorf("for the word of the intention that was just listed search finds %+v", hits.Hits)
		}
		if l.Failed() {
			return
		}
	}
	slices.Sort(found)
	slices.Sort(matched)
	l.say("from the commit of a new intention until it is found\tp50 %s\tp99 %s", brief(share(found, .5)), brief(share(found, .99)))
	l.say("from the commit until it is matched, and groups are worked out\tp50 %s\tp99 %s", brief(share(matched, .5)), brief(share(matched, .99)))
	m, err := memoryNow(os.Getpid())
	l.must(err)
	l.say("\t\tthe process that did this %s", m)
}
