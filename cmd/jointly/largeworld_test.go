package main

// A large catalogue, made up of the dictionary's words: contracts mostly, and intentions, platforms and who uses them. The
// same each time.

import (
	"context"
	"encoding/csv"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"jointly/catalogue"
	"jointly/catalogue/register"
)

// largeWorld composes the records of a large catalogue.
type largeWorld struct {
	random    *rand.Rand
	documents int
	councils  []register.Council
	needs     []string // what is bought, the much bought first
	phrases   map[string][]string
	products  map[string][]string
	named     map[string]string // what of a council is for, by need
	services  map[string][]string
	platforms []*catalogue.Platform
	suppliers int
}

// counts are records by what they are.
type counts struct {
	Contracts, Intentions, Platforms, Uses, Suppliers int
}

// documents are what search finds.
func (c counts) documents() int { return c.Contracts + c.Intentions + c.Platforms + c.Suppliers }

// newLargeWorld is a world of so many documents: of 1,000 there are 100 intentions, 2 platforms and 10 suppliers; the rest
// are contracts.
func newLargeWorld(a *app, documents int) (*largeWorld, error) {
	w := &largeWorld{random: rand.New(rand.NewPCG(7, 11)), documents: documents,
		services: map[string][]string{}, named: map[string]string{}, suppliers: max(documents/100, 10)}
	w.councils = a.catalogue.Register().Councils()
	w.councils = w.councils[:min(len(w.councils), max(documents/100, 10))] // so that each has a register worth the name
	var err error
	if w.phrases, err = dictionaryTerms("dictionary.csv", "name", "part"); err != nil {
		return nil, err
	}
	if w.products, err = dictionaryTerms("names.csv", "product"); err != nil {
		return nil, err
	}
	for _, c := range a.catalogue.Dictionary().Capabilities() {
		if len(w.phrases[c.ID]) >= 6 {
			w.needs, w.named[c.ID] = append(w.needs, c.ID), c.Name
		}
	}
	for _, s := range a.catalogue.Register().Services() {
		w.services[s.Capability] = append(w.services[s.Capability], s.Label)
	}
	w.random.Shuffle(len(w.needs), func(i, j int) { w.needs[i], w.needs[j] = w.needs[j], w.needs[i] })
	for n := range max(documents/500, 4) {
		need := w.needs[n%len(w.needs)]
		w.platforms = append(w.platforms, &catalogue.Platform{Name: fmt.Sprintf("%s %s %d", w.pick(w.products[need], "Suite"), w.pick(w.phrases[need]), n),
			Supplier: w.supplier(), Capabilities: []string{need}, Summary: "For " + w.sentence(need, 12), Evidence: "Made up to measure"})
	}
	return w, nil
}

// dictionaryTerms reads the terms of some kinds from a file of the capability dictionary, by capability.
func dictionaryTerms(file string, kinds ...string) (map[string][]string, error) {
	f, err := os.Open("../../catalogue/capability/data/" + file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	r := csv.NewReader(f)
	r.Comment, r.FieldsPerRecord = '#', -1
	rows, err := r.ReadAll()
	out := map[string][]string{}
	for _, row := range rows {
		if slices.Contains(kinds, row[1]) && row[2] != "" {
			out[row[2]] = append(out[row[2]], strings.Trim(row[0], "~*"))
		}
	}
	return out, err
}

// pick is one of some texts, the first of them far oftener than the last; or what there is where there are none.
func (w *largeWorld) pick(from []string, otherwise ...string) string {
	if len(from) == 0 {
		from = otherwise
	}
	return from[int(float64(len(from))*math.Pow(w.random.Float64(), 1.7))]
}

func (w *largeWorld) supplier() string {
	return fmt.Sprintf("Supplier %d Ltd", int(float64(w.suppliers)*math.Pow(w.random.Float64(), 2)))
}

// sentence says something of a need in so many words and a few more.
func (w *largeWorld) sentence(need string, words int) string {
	var parts []string
	for n := 0; n < words; {
		part := w.pick(w.phrases[need])
		if w.random.IntN(5) == 0 {
			part = w.pick(w.services[need], "the council")
		}
		parts, n = append(parts, part), n+1+strings.Count(part, " ")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1] + "."
}

// written is some sixty words of a need, as notices have them.
func (w *largeWorld) written(need string, council register.Council) string {
	words := []string{"Provision of " + w.sentence(need, 10), w.pick([]string{"The supplier hosts it.", "Support and maintenance are included.",
		"Migration, training and testing are part of the contract.", "Licences for all users of the council.", "It must meet accessibility rules.", "It takes the place of what is there today."})}
	if w.random.IntN(2) == 0 {
		words = append(words, "For "+council.Name+": "+w.sentence(need, 14))
	}
	if w.random.IntN(3) == 0 {
		words = append(words, "It works with "+w.sentence(w.pick(w.needs), 6))
	}
	if w.random.IntN(3) == 0 {
		words = append(words, fmt.Sprintf("Reference DN%06d.", w.random.IntN(1_000_000)))
	}
	return strings.Join(words, " ")
}

func (w *largeWorld) title(need string) string {
	title := w.pick(w.phrases[need]) + w.pick([]string{"", " system", " support", " licences", " service", " replacement", " hosting", " and maintenance"})
	return strings.ToUpper(title[:1]) + title[1:]
}

// of is what a council has: as many of each as make up the world with those of all others.
func (w *largeWorld) of(n int, council register.Council) (contracts, intentions, uses []catalogue.Item) {
	share := func(all int) int { return all*(n+1)/len(w.councils) - all*n/len(w.councils) }
	for i := range share(w.documents - w.documents/10 - w.suppliers - len(w.platforms)) {
		contracts = append(contracts, w.contract(i, council))
	}
	for i := range share(w.documents / 10) {
		intentions = append(intentions, w.intention(i, council))
	}
	taken := map[int]bool{}
	for range share(w.documents / 25) {
		at := w.random.IntN(len(w.platforms))
		if taken[at] {
			continue
		}
		taken[at] = true
		uses = append(uses, &catalogue.Use{Platform: w.platforms[at].ID, Council: council.GSS, Source: catalogue.Source{Text: "Made up to measure", Date: catalogue.MustDate("2026-01-31")}})
	}
	return contracts, intentions, uses
}

func (w *largeWorld) contract(n int, council register.Council) catalogue.Item {
	need := w.pick(w.needs)
	start := catalogue.MustDate("2019-04-01").AddMonths(w.random.IntN(84))
	c := &catalogue.Contract{Meta: catalogue.Meta{Ref: fmt.Sprintf("C-%06d", n)}, Council: council.GSS, Title: w.title(need), Description: w.written(need, council),
		Supplier: w.supplier(), Value: math.Round(20_000 * math.Exp(4*w.random.Float64())), Start: start, End: start.AddMonths(12 * (1 + w.random.IntN(10))),
		Route: w.pick([]string{"", "Open procedure", "G-Cloud", "Framework call-off", "Direct award"}), Source: catalogue.Source{Text: "Made up to measure"}}
	switch {
	case w.random.IntN(4) == 0:
		c.Product = w.pick(w.products[need], "")
	case w.random.IntN(10) == 0:
		c.Product = w.platforms[w.random.IntN(len(w.platforms))].Name
	}
	if w.random.IntN(20) == 0 {
		c.Audience = catalogue.Councils
	}
	return c
}

func (w *largeWorld) intention(n int, council register.Council) catalogue.Item {
	need := w.pick(w.needs)
	start := catalogue.DateOf(time.Now()).AddMonths(1 + w.random.IntN(48)) // open, whenever this runs
	price := math.Round(20_000 * math.Exp(4*w.random.Float64()))
	in := &catalogue.Intention{Meta: catalogue.Meta{Ref: fmt.Sprintf("N-%06d", n)}, Council: council.GSS, Title: w.title(need), Description: w.written(need, council),
		Budget: catalogue.Money{Min: price, Max: math.Round(price * 1.5)}, WindowStart: start, WindowEnd: start.AddMonths(3 + w.random.IntN(10)), Visibility: catalogue.Public}
	switch w.random.IntN(10) {
	case 0, 1, 2:
		in.Visibility = catalogue.Councils
	case 3:
		in.Visibility = catalogue.Own
	}
	if w.random.IntN(3) == 0 {
		in.Capability = need
	}
	if w.random.IntN(2) == 0 {
		in.ContractEnd, in.CurrentPlatform = in.WindowEnd.AddMonths(w.random.IntN(12)), w.pick(w.products[need], "")
	}
	return in
}

// filled is how a store was filled.
type filled struct {
	Counts  counts
	Took    time.Duration
	Slowest time.Duration // of the files, one of contracts and one of intentions for each council
	First   float64       // rows a second in the first tenth of the councils
	Last    float64       // and in the last
	Memory  memory
}

// fill makes a world in a data folder as it would come: the platforms, then council by council its register, its
// intentions and what it runs, each a file that is imported whole.
func fill(ctx context.Context, dir string, documents int) (out filled, err error) {
	a, err := opened(ctx, Globals{Data: dir}, slog.New(slog.DiscardHandler))
	if err != nil {
		return out, err
	}
	defer func() {
		if e := a.close(); err == nil {
			err = e
		}
	}()
	w, err := newLargeWorld(a, documents)
	if err != nil {
		return out, err
	}
	began, rows := time.Now(), 0
	take := func(items []catalogue.Item) error {
		started := time.Now()
		_, err := a.importAll(ctx, items, catalogue.ImportOptions{})
		out.Slowest, rows = max(out.Slowest, time.Since(started)), rows+len(items)
		return err
	}
	platforms := make([]catalogue.Item, len(w.platforms))
	for i, p := range w.platforms {
		platforms[i] = p
	}
	if err := take(platforms); err != nil {
		return out, err
	}
	tenth, since, before := max(len(w.councils)/10, 1), time.Now(), rows
	for n, council := range w.councils {
		if n == len(w.councils)-tenth {
			since, before = time.Now(), rows
		}
		contracts, intentions, uses := w.of(n, council)
		for _, items := range [][]catalogue.Item{contracts, intentions, uses} {
			if err := take(items); err != nil {
				return out, fmt.Errorf("%s: %w", council.Name, err)
			}
		}
		out.Counts.Contracts, out.Counts.Intentions, out.Counts.Uses = out.Counts.Contracts+len(contracts), out.Counts.Intentions+len(intentions), out.Counts.Uses+len(uses)
		if rate := float64(rows-before) / time.Since(since).Seconds(); n == tenth-1 {
			out.First = rate
		} else if n == len(w.councils)-1 {
			out.Last = rate
		}
	}
	out.Counts.Platforms, out.Took = len(platforms), time.Since(began)
	err = a.catalogue.Each(ctx, catalogue.Operator("test"), catalogue.KindSupplier, func(catalogue.Item) error {
		out.Counts.Suppliers++
		return nil
	})
	if err != nil {
		return out, err
	}
	out.Memory, err = memoryNow(os.Getpid())
	return out, err
}
