package web

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"jointly/catalogue"
	"jointly/catalogue/kv"
)

// undone is a store that forgets: once held, all that is written stays in memory until it is forgotten, so that each
// request of the matrix meets the same world.
type undone struct {
	kv.Store
	mu     sync.Mutex
	held   bool
	writes map[string][]byte
}

// View shows what is stored, and over it what was written since.
func (u *undone) View(ctx context.Context, fn func(kv.Tx) error) error {
	return u.Store.View(ctx, func(tx kv.Tx) error {
		layer, err := u.layer(ctx, tx)
		if err != nil {
			return err
		}
		return fn(kv.NewReader(ctx, layer))
	})
}

// Update keeps what is written in memory while the store is held.
func (u *undone) Update(ctx context.Context, fn func(kv.Tx) error) error {
	if !u.held {
		return u.Store.Update(ctx, fn)
	}
	return u.Store.View(ctx, func(tx kv.Tx) error {
		layer, err := u.layer(ctx, tx)
		if err != nil {
			return err
		}
		written := kv.NewBuffer(ctx, layer)
		if err := fn(written); err != nil {
			return err
		}
		if err := written.Err(); err != nil {
			return err
		}
		u.mu.Lock()
		defer u.mu.Unlock()
		for key, value := range written.Writes() {
			u.writes[string(key)] = value
		}
		return nil
	})
}

func (u *undone) layer(ctx context.Context, tx kv.Tx) (*kv.Buffer, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	layer := kv.NewLayer(ctx, paged{tx})
	for key, value := range u.writes {
		err := layer.Put([]byte(key), value)
		if value == nil {
			err = layer.Delete([]byte(key))
		}
		if err != nil {
			return nil, err
		}
	}
	return layer, nil
}

// paged is a transaction that is asked for more rows at a time than it gives, since deleted ones are left out.
type paged struct{ kv.Tx }

// Scan asks for as many pages as it takes.
func (p paged) Scan(prefix, from []byte, limit int, fn func(key, value []byte) error) error {
	for limit > 0 {
		page, ended := min(limit, kv.MaxScan), false
		seen := 0
		err := p.Tx.Scan(prefix, from, page, func(key, value []byte) error {
			seen, from = seen+1, kv.After(key)
			err := fn(key, value)
			ended = err != nil
			return err
		})
		if err != nil || ended || seen < page {
			if ended && err == nil {
				return kv.Stop
			}
			return err
		}
		limit -= page
	}
	return nil
}

// forget takes back what was written since the store is held, and holds it.
func (u *undone) forget() { u.held, u.writes = true, map[string][]byte{} }

// cell is a line of the table of access: what each role gets for one address.
type cell struct {
	method, path string
	access       access
	form         string // of a POST: fields as they are sent; _page and _by say where it stands and who reads it there
	want         []int
}

const matrixFile = "testdata/access.txt"

// readMatrix reads the table: the roles, and its lines.
func readMatrix(t *testing.T) (roles []string, cells []cell) {
	t.Helper()
	text, err := os.ReadFile(matrixFile)
	must(t, err)
	for n, line := range strings.Split(string(text), "\n") {
		head, rest, _ := strings.Cut(line, "|")
		parts := strings.Fields(head)
		switch {
		case strings.HasPrefix(line, "roles |"):
			roles = strings.Fields(rest)
		case line == "" || strings.HasPrefix(line, "#"):
		case len(parts) < 3:
			t.Fatalf("line %d of %s has no method, path and access", n+1, matrixFile)
		default:
			c := cell{method: parts[0], path: parts[1], access: access(strings.ReplaceAll(parts[2], "-", " "))}
			if len(parts) > 3 {
				c.form = parts[3]
			}
			for _, status := range strings.Fields(rest) {
				number, err := strconv.Atoi(status)
				must(t, err)
				c.want = append(c.want, number)
			}
			cells = append(cells, c)
		}
	}
	return roles, cells
}

// line is how the table writes what was answered.
func (c cell) line(got []int) string {
	head := fmt.Sprintf("%-4s %s %s %s", c.method, c.path, strings.ReplaceAll(string(c.access), " ", "-"), c.form)
	var statuses []string
	for _, status := range got {
		statuses = append(statuses, strconv.Itoa(status))
	}
	return strings.TrimSpace(head) + " | " + strings.Join(statuses, " ")
}

// TestWhoGetsWhat walks every route with every role, for a record of Ambleford: its own officers, those of another council
// and of one that is in its group, and everybody else. The answers stand in a table that people read; a route without a line
// fails, and so does a line without a route.
func TestWhoGetsWhat(t *testing.T) {
	m := newMatrixWorld(t)
	roles, cells := readMatrix(t)
	if !slices.Equal(roles, m.roles) {
		t.Fatalf("the table is about %v, the test about %v", roles, m.roles)
	}
	lines, answers, refusals, proven, posts := map[string]int{}, 0, 0, 0, 0
	for _, c := range cells {
		path := m.fill(c.path)
		r, ok := m.routeTo(c.method, path)
		if !ok {
			t.Errorf("%s %s: there is no such route", c.method, c.path)
			continue
		}
		if lines[c.method+" "+r.path]++; r.access != c.access {
			t.Errorf("%s %s is for %s, the table says %s", c.method, c.path, r.access, c.access)
		}
		got := m.answers(c.method, path, c.form)
		for i, status := range got {
			answers++
			if status == 401 || status == 403 || status == 404 || status == 303 && c.method == http.MethodGet && i < 2 {
				refusals++
			}
			m.holds(r, c, i, status)
		}
		if c.method == http.MethodPost {
			if posts++; slices.ContainsFunc(got, func(s int) bool { return s < 400 }) {
				proven++
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("the table says, and the site answers:\n%s\n%s", c.line(c.want), c.line(got))
		}
	}
	for _, r := range m.routes() {
		if lines[r.method+" "+r.path] == 0 {
			t.Errorf("no line of %s is about %s %s", matrixFile, r.method, r.path)
		}
	}
	t.Logf("access: %d routes, %d lines, %d roles, %d answers, %d refusals; %d of %d forms are taken from somebody", len(lines), len(cells), len(roles), answers, refusals, proven, posts)
}

// holds checks what no table may say otherwise.
func (m *matrixWorld) holds(r route, c cell, i, status int) {
	m.t.Helper()
	role := m.roles[i]
	out := http.StatusUnauthorized
	if c.method == http.MethodGet {
		out = http.StatusSeeOther
	}
	officer := slices.Contains([]string{"other", "member", "own"}, strings.SplitN(role, ".", 2)[0])
	wrong := ""
	switch {
	case status >= 500:
		wrong = "an answer that nobody may get"
	case r.access != open && r.access != demo && role == "nobody" && status != out:
		wrong = "nobody is let in"
	case (r.access == signedIn || r.access == council || r.access == either || r.access == operator) && role == "entering" && status != out:
		wrong = "somebody is let in before the second factor"
	case r.access == council && role != "nobody" && role != "entering" && !officer && status != http.StatusForbidden:
		wrong = "somebody who is not of a council is let in"
	case r.access == either && role != "nobody" && role != "entering" && !officer && !strings.HasPrefix(role, "body.") && status != http.StatusForbidden:
		wrong = "somebody who is neither of a council nor of a body is let in"
	case r.access == operator && role != "nobody" && role != "entering" && role != "operator" && status != http.StatusNotFound:
		wrong = "somebody who does not run the service is let in"
	}
	if wrong != "" {
		m.t.Errorf("%s %s as %s: %d, %s", c.method, c.path, role, status, wrong)
	}
}

// answers asks as everybody, each in the same world.
func (m *matrixWorld) answers(method, path, form string) (got []int) {
	m.t.Helper()
	var sent url.Values
	if method == http.MethodPost {
		m.store.forget()
		sent = m.typed(path, form)
	}
	for _, b := range m.people {
		m.store.forget()
		got = append(got, m.status(b, method, path, sent))
	}
	return got
}

// status is what somebody gets; cookies that are set meanwhile are not kept.
func (m *matrixWorld) status(b *browser, method, path string, form url.Values) int {
	m.t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	request.Host = "localhost"
	if strings.HasPrefix(path, metricsPath) {
		request.RemoteAddr = "192.0.2.9:1"
	}
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, cookie := range b.cookies {
		request.AddCookie(cookie)
	}
	answer := httptest.NewRecorder()
	m.handler.ServeHTTP(answer, request)
	return answer.Code
}

// typed is a form as the table writes it: the fields of the page that it stands on, and what is typed into them.
func (m *matrixWorld) typed(path, form string) url.Values {
	m.t.Helper()
	said, err := url.ParseQuery(m.fill(form))
	must(m.t, err)
	page := said.Get("_page")
	if page == "" {
		return said
	}
	by := m.people[slices.Index(m.roles, "own.lead")]
	if role := said.Get("_by"); role != "" {
		by = m.people[slices.Index(m.roles, role)]
	}
	guest := &browser{m.world, maps.Clone(by.cookies)}
	said.Del("_page")
	said.Del("_by")
	for _, n := range guest.get(page).all("form") {
		if to := attribute(n, "action"); to == path || to == "" && page == path {
			return with(fieldsOf(n), said)
		}
	}
	m.t.Errorf("%s: no form is sent to %s", page, path)
	return said
}

// fill puts the addresses of the world's records into a path.
func (m *matrixWorld) fill(path string) string {
	m.t.Helper()
	return regexp.MustCompile(`\{\w+\}`).ReplaceAllStringFunc(path, func(name string) string {
		value, ok := m.names[strings.Trim(name, "{}")]
		if !ok {
			m.t.Fatalf("%s: there is no record %s", path, name)
		}
		return value
	})
}

// routeTo is the route that an address leads to: the one with the most steps that are spelled out.
func (w *world) routeTo(method, address string) (found route, ok bool) {
	path, _, _ := strings.Cut(address, "?")
	parts, best := strings.Split(path, "/"), -1
	for _, r := range w.routes() {
		steps, same := strings.Split(r.path, "/"), 0
		if wild := strings.HasPrefix(steps[len(steps)-1], "*"); r.method != method || len(steps) != len(parts) && !(wild && len(parts) >= len(steps)) {
			continue
		}
		for i, step := range steps {
			switch {
			case step == parts[i]:
				same += 1 << (len(steps) - i)
			case !strings.HasPrefix(step, ":") && !strings.HasPrefix(step, "*"):
				same = -1 << 20
			}
		}
		if same > best {
			found, best, ok = r, same, true
		}
	}
	return found, ok
}

// matrixWorld is a site with a record of each kind, most of Ambleford's, and everybody who might ask for it.
type matrixWorld struct {
	*world
	store  *undone
	roles  []string
	people []*browser
	names  map[string]string // of the records, as the table writes them
}

// joins adds somebody to those who ask.
func (m *matrixWorld) joins(role string, b *browser) *browser {
	m.roles, m.people = append(m.roles, role), append(m.people, b)
	return b
}

// somebody is an account of an organisation, and its browser.
func (m *matrixWorld) somebody(email string, kind catalogue.OrgKind, org string, role catalogue.Role) (*catalogue.Account, *browser) {
	m.t.Helper()
	a, err := m.Catalogue.AddAccount(m.t.Context(), catalogue.Operator("test"), catalogue.Account{Email: email, OrgKind: kind, Org: org, Role: role})
	must(m.t, err)
	return a, m.signedIn(a)
}
