package main

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"jointly/catalogue"
	"jointly/search"
)

// The test binary is the program that is killed, too: with this variable set it writes until it dies.
const (
	childVariable = "JOINTLY_TEST_CHILD" // the data folder
	childStore    = "JOINTLY_TEST_STORE" // where the records are; in the data folder by default
	childSecret   = "JOINTLY_TEST_SECRET"
	childMode     = "JOINTLY_TEST_MODE" // acknowledge when: durable, or early for the negative control
)

// writeUntilKilled lists intentions from several goroutines, follows with index and matcher, and prints the ID of each
// intention once it is acknowledged.
func writeUntilKilled(dir, mode string) error {
	ctx := context.Background()
	g := Globals{Data: dir, Store: os.Getenv(childStore), Secret: os.Getenv(childSecret)}
	a, err := opened(ctx, g, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil {
		return err
	}
	index, err := a.searching(ctx)
	if err != nil {
		return err
	}
	engine, err := a.matching(ctx)
	if err != nil {
		return err
	}
	go index.Follow(ctx)
	go engine.Follow(ctx)
	failed := make(chan error)
	for w := range 4 {
		go func() {
			actor := catalogue.Actor{Account: "writer", Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: fmt.Sprintf("E0800000%d", w+1), Via: "test"}
			for n := 0; ; n++ {
				in := catalogue.Intention{Meta: catalogue.Meta{ID: catalogue.NewID()}, Title: fmt.Sprintf("Revenues and benefits system %d", n),
					Description: "Council tax, NNDR and housing benefit", WindowStart: catalogue.MustDate("2027-04-01"), WindowEnd: catalogue.MustDate("2027-12-31")}
				if mode == "early" {
					fmt.Println(in.ID)
				}
				done, err := a.catalogue.SaveIntention(ctx, actor, in)
				if err != nil {
					failed <- err
					return
				}
				if mode != "early" {
					fmt.Println(done.ID)
				}
			}
		}()
	}
	return <-failed
}

// killOnce runs the child on a folder, kills it after a while of writing, and returns what it acknowledged. More of its
// environment may be given.
func killOnce(t *testing.T, dir, mode string, more ...string) []string {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(append(os.Environ(), childVariable+"="+dir, childMode+"="+mode), more...)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var acked []string
	first := make(chan struct{})
	read := make(chan struct{})
	go func() {
		defer close(read)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			acked = append(acked, lines.Text())
			if len(acked) == 1 {
				close(first)
			}
		}
	}()
	select {
	case <-first:
	case <-time.After(30 * time.Second):
		t.Error("the child wrote nothing for 30 seconds")
	}
	// A kill at a moment that nothing chooses: between none and fifty more writes.
	<-time.After(time.Duration(rand.IntN(60)) * time.Millisecond)
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-read
	_ = child.Wait() // it was killed
	return acked
}

// lost counts acknowledged intentions that the folder does not hold, after checking the folder as a whole.
func lost(t *testing.T, dir string, acked []string) int {
	t.Helper()
	return lostIn(t, Globals{Data: dir}, acked)
}

func lostIn(t *testing.T, g Globals, acked []string) int {
	t.Helper()
	ctx := context.Background()
	a, err := opened(ctx, g, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	v, err := a.catalogue.Verify(ctx)
	if err != nil || len(v.Problems) > 0 {
		t.Fatalf("after a kill: %v %v", err, v.Problems)
	}
	n := 0
	for _, id := range acked {
		if _, err := a.catalogue.Intention(ctx, catalogue.Operator("test"), id); err != nil {
			n++
		}
	}
	return n
}

func TestKillsLoseNothing(t *testing.T) {
	kills := 20
	switch {
	case torture():
		kills = 200
	case testing.Short():
		kills = 5
	}
	dir := t.TempDir()
	var acked []string
	for range kills {
		acked = append(acked, killOnce(t, dir, "durable")...)
		if n := lost(t, dir, acked); n > 0 {
			t.Fatalf("%d of %d acknowledged writes are lost", n, len(acked))
		}
	}
	t.Logf("fault: kill -9 while writing | %d kills | %d acknowledged writes, lost 0", kills, len(acked))
	if diff := behind(t, dir); diff != "" {
		t.Errorf("after the last kill: %s", diff)
	}
	// And without the index folder.
	if err := os.RemoveAll(dir + "/" + indexFolder); err != nil {
		t.Fatal(err)
	}
	if diff := behind(t, dir); diff != "" {
		t.Errorf("after the index was deleted: %s", diff)
	}
}

// TestKillsAreSeen is the negative control: a program that acknowledges before its commit does lose writes, and the
// check says so.
func TestKillsAreSeen(t *testing.T) {
	for range 10 {
		dir := t.TempDir()
		if n := lost(t, dir, killOnce(t, dir, "early")); n > 0 {
			t.Logf("fault: kill -9, control that acknowledges too early | 1 kill | lost %d", n)
			return
		}
	}
	t.Error("ten kills of a program that acknowledges too early lost nothing: the check would not notice")
}

// behind compares index and matcher with the store once they have caught up; empty where they agree.
func behind(t *testing.T, dir string) string {
	t.Helper()
	ctx := context.Background()
	a, err := opened(ctx, Globals{Data: dir}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	index, err := a.searching(ctx)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := a.matching(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return compareReadModels(t, a, index, engine.Cursor())
}

func compareReadModels(t *testing.T, a *app, index *search.Index, cursor uint64) string {
	t.Helper()
	ctx := context.Background()
	want := map[string]bool{}
	if err := a.catalogue.Each(ctx, catalogue.AnyCouncil(), catalogue.KindIntention, func(item catalogue.Item) error {
		want[item.Key().ID] = true
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	stored := len(want)
	q := search.Query{Limit: 100}
	q.Choose(search.FacetKind, []string{string(catalogue.KindIntention)})
	for {
		r, err := index.Search(ctx, catalogue.Councils, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range r.Hits {
			if !want[h.Key.ID] {
				return fmt.Sprintf("the index finds %s, which the store does not hold, or finds it twice", h.Key)
			}
			delete(want, h.Key.ID)
		}
		if r.Next == "" {
			break
		}
		q.Cursor = r.Next
	}
	if len(want) > 0 {
		return fmt.Sprintf("the index lacks %d of %d intentions", len(want), stored)
	}
	seq, err := a.catalogue.Seq(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if cursor != seq {
		return fmt.Sprintf("the matcher is at change %d of %d", cursor, seq)
	}
	return ""
}

// TestAnIndexThatLagsIsSeen is the negative control of behind: an index that has not followed differs.
func TestAnIndexThatLagsIsSeen(t *testing.T) {
	ctx := context.Background()
	a, err := opened(ctx, Globals{Data: t.TempDir()}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	index, err := a.searching(ctx)
	if err != nil {
		t.Fatal(err)
	}
	actor := catalogue.Actor{Account: "writer", Role: catalogue.RoleLead, OrgKind: catalogue.OrgCouncil, Org: "E08000025", Via: "test"}
	if _, err := a.catalogue.SaveIntention(ctx, actor, catalogue.Intention{Title: "Revenues system",
		WindowStart: catalogue.MustDate("2027-04-01"), WindowEnd: catalogue.MustDate("2027-12-31")}); err != nil {
		t.Fatal(err)
	}
	if diff := compareReadModels(t, a, index, 0); !strings.Contains(diff, "lacks") {
		t.Errorf("an index that has not followed gives %q, want that it lacks an intention", diff)
	}
}
