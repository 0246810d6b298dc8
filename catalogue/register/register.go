// Package register holds the reference facts of UK local government that come with the program: councils and their
// reorganisation, citizen services, CPV codes, and the dated rules of procurement. They are data files, embedded,
// checked once at Load and never changed while the program runs. Sources says where each came from.
package register

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"

	"jointly/catalogue/table"
)

//go:embed data/*.csv
var embedded embed.FS

// Register answers for the reference facts. It is immutable and safe for concurrent use. What its methods return is
// shared: callers must not change it.
type Register struct {
	version string
	sources []Source

	councils      []Council // by name
	councilsByGSS map[string]int
	councilsByLAE map[string]int
	byDomain      map[string][]int
	names         nameIndex

	reorganisations       []Reorganisation // by area, then council's name
	reorganisationsByGSS  map[string][]Reorganisation
	reorganisationsByArea map[string][]Reorganisation

	services       []Service // by LGSL
	servicesByLGSL map[int]int
	interactions   []Interaction // by LGIL

	cpvs       []CPV // by code
	cpvsByCode map[string]int

	rules []Rule // by kind, code and date

	channelCosts []ChannelCost
}

// Load reads and checks the embedded facts. An error names the file and the line.
func Load() (*Register, error) {
	data, err := fs.Sub(embedded, "data")
	if err != nil {
		return nil, fmt.Errorf("register: %w", err)
	}
	return load(data)
}

func load(data fs.FS) (*Register, error) {
	r := &Register{}
	for _, step := range []func(fs.FS) error{
		r.readVersion,
		r.readSources,
		r.readCouncils,
		r.readAliases,
		r.readReorganisations,
		r.readServices,
		r.readServiceNames,
		r.readInteractions,
		r.readCPV,
		r.readRules,
		r.readChannelCosts,
	} {
		if err := step(data); err != nil {
			return nil, fmt.Errorf("register: %w", err)
		}
	}
	return r, nil
}

// Version identifies the facts: it changes when any of the data files does. Read models that were built from another
// version are out of date.
func (r *Register) Version() string { return r.version }

func (r *Register) readVersion(data fs.FS) error {
	files, err := fs.Glob(data, "*.csv")
	if err != nil {
		return err
	}
	hash := sha256.New()
	for _, file := range files { // Glob sorts
		content, err := fs.ReadFile(data, file)
		if err != nil {
			return err
		}
		fmt.Fprintf(hash, "%s %d\n", file, len(content))
		hash.Write(content)
	}
	r.version = hex.EncodeToString(hash.Sum(nil)[:12])
	return nil
}

// Source says where a part of the register came from and how it may be used.
type Source struct {
	File    string // the data file
	Covers  string // which of its facts
	Name    string
	Licence string // blank: none stated
	Note    string // what a user of the facts must know
}

// Sources are the origins of the register's facts, for the attribution page.
func (r *Register) Sources() []Source { return r.sources }

func (r *Register) readSources(data fs.FS) error {
	return table.Read(data, "sources.csv", "file,covers,source,licence,note", func(row *table.Row) error {
		s := Source{
			File:    row.Need("file"),
			Covers:  row.Need("covers"),
			Name:    row.Need("source"),
			Licence: row.Text("licence"),
			Note:    row.Text("note"),
		}
		if _, err := fs.Stat(data, s.File); row.Err() == nil && err != nil {
			return err
		}
		r.sources = append(r.sources, s)
		return nil
	})
}
