// Package etcdtest runs clusters of real etcd members, each a process of its own on loopback, for tests.
package etcdtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"jointly/catalogue/kv/etcd"
)

// Cluster is three members.
type Cluster struct {
	Members []*Member
	scheme  string
}

// Member is one process.
type Member struct {
	Client  string // host:port
	program string
	args    []string
	network string // file of the network namespace that it runs in; empty: the test's own

	mu      sync.Mutex
	process *exec.Cmd
	ended   chan struct{}
	log     lockedBuffer
}

// Require is the environment variable that makes tests fail, not skip, where the program was not built.
const Require = "JOINTLY_REQUIRE_ETCD"

// Program is the path of etcd's program, which 'make etcd' builds.
func Program(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "Makefile")); err == nil {
			break
		}
		if folder == filepath.Dir(folder) {
			t.Fatal("no Makefile above this folder")
		}
		folder = filepath.Dir(folder)
	}
	path := filepath.Join(folder, "bin", "etcd")
	if _, err := os.Stat(path); err != nil {
		if os.Getenv(Require) != "" {
			t.Fatalf("%s is not there: run 'make etcd'", path)
		}
		t.Skipf("%s is not there: run 'make etcd' to test on a cluster", path)
	}
	return path
}

// patience is how long a cluster may take to start or to choose a leader.
const patience = 60 * time.Second

// Start starts three members that run until t ends. More of etcd's flags may be given.
func Start(t testing.TB, flags ...string) *Cluster {
	t.Helper()
	program := Program(t)
	var failed error
	for range 3 { // a port that was free a moment ago may be taken
		c := &Cluster{scheme: "http"}
		if slices.Contains(flags, "--client-cert-auth") {
			c.scheme = "https"
		}
		free := loopback(t, 6)
		c.plan(program, t.TempDir(), free[:3], free[3:], flags)
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		failed = c.start(ctx)
		cancel()
		if failed == nil {
			t.Cleanup(c.stop)
			return c
		}
		c.stop()
	}
	t.Fatalf("etcd does not start: %v", failed)
	return nil
}

// loopback finds free addresses.
func loopback(t testing.TB, n int) (free []string) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = l.Close() }()
		free = append(free, l.Addr().String())
	}
	return free
}

// plan says how three members are run that others reach at the addresses of peers, and we at those of clients.
func (c *Cluster) plan(program, folder string, at, clients, flags []string) {
	var peers []string
	for i := range 3 {
		peers = append(peers, fmt.Sprintf("m%d=http://%s", i, at[i]))
	}
	for i := range 3 {
		m := &Member{program: program, Client: clients[i]}
		_, peer, _ := strings.Cut(peers[i], "=")
		client := c.scheme + "://" + m.Client
		m.args = append([]string{"--name", fmt.Sprintf("m%d", i), "--data-dir", filepath.Join(folder, fmt.Sprintf("m%d", i)),
			"--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
			"--listen-client-urls", client, "--advertise-client-urls", client,
			"--initial-cluster", strings.Join(peers, ","), "--log-level", "error"}, flags...)
		c.Members = append(c.Members, m)
	}
}

// start starts all members and waits until each answers.
func (c *Cluster) start(ctx context.Context) error {
	for _, m := range c.Members {
		if err := m.Start(); err != nil {
			return err
		}
	}
	for _, m := range c.Members {
		if err := m.ready(ctx, c.scheme); err != nil {
			return err
		}
	}
	return nil
}

func (c *Cluster) stop() {
	for _, m := range c.Members {
		m.Kill()
	}
}

// At is the place of a store in the cluster.
func (c *Cluster) At(name string) etcd.Place {
	p := etcd.Place{Name: name}
	for _, m := range c.Members {
		p.Members = append(p.Members, m.Client)
	}
	return p
}

// Start starts a member that does not run.
func (m *Member) Start() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.process = exec.Command(m.program, m.args...)
	if m.network != "" { // nsenter becomes the member: it is the process that is killed and stopped
		m.process = exec.Command("nsenter", append([]string{"--net=" + m.network, m.program}, m.args...)...)
	}
	m.process.Stderr = &m.log
	m.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := m.process.Start(); err != nil {
		return err
	}
	process, ended := m.process, make(chan struct{})
	m.ended = ended
	go func() {
		_ = process.Wait() // killed, or its log says why
		close(ended)
	}()
	return nil
}

// Kill ends a member at once, as kill -9 does.
func (m *Member) Kill() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.process == nil {
		return
	}
	_ = m.process.Process.Kill()
	<-m.ended
	m.process = nil
}

// Pause stops a member without ending it, Resume lets it go on.
func (m *Member) Pause() error { return m.signal(syscall.SIGSTOP) }

// Resume lets a member go on that was paused.
func (m *Member) Resume() error { return m.signal(syscall.SIGCONT) }

func (m *Member) signal(s os.Signal) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.process == nil {
		return errors.New("the member does not run")
	}
	return m.process.Process.Signal(s)
}

// ready waits until the member takes connections.
func (m *Member) ready(ctx context.Context, scheme string) error {
	for {
		if scheme == "https" { // it asks for a certificate that we do not have
			conn, err := new(net.Dialer).DialContext(ctx, "tcp", m.Client)
			if err == nil {
				return conn.Close()
			}
		} else if healthy(ctx, m.Client) {
			return nil
		}
		select {
		case <-m.ended:
			return fmt.Errorf("etcd ended: %s", m.log.String())
		case <-ctx.Done():
			return fmt.Errorf("etcd does not answer: %w: %s", ctx.Err(), m.log.String())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func healthy(ctx context.Context, address string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/health", nil)
	if err != nil {
		return false
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// Ready waits until the member answers, and so has a leader.
func (m *Member) Ready(ctx context.Context) error { return m.ready(ctx, "http") }

// lockedBuffer takes what a process prints.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
