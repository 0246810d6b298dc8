package main

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// freeAddress is an address of this machine that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// checked is what check-config finds, by check; of several findings of a check the worst.
func checked(t *testing.T, args ...string) (o outcome, levels map[string]finding) {
	t.Helper()
	o = jointly(t, append(args, "--format", "json")...)
	var said struct {
		Ready    bool
		Findings []finding
	}
	if err := json.Unmarshal([]byte(o.out), &said); err != nil {
		t.Fatalf("%v: %s%s", err, o.out, o.err)
	}
	rank := map[string]int{levelOK: 0, levelWarn: 1, levelFail: 2}
	levels = map[string]finding{}
	for _, f := range said.Findings {
		if was, ok := levels[f.Check]; !ok || rank[f.Level] > rank[was.Level] {
			levels[f.Check] = f
		}
		if f.Level != levelOK && f.Do == "" {
			t.Errorf("%+v does not say what to do", f)
		}
	}
	if said.Ready != (o.status == statusDone) {
		t.Errorf("ready is %t, the status %d", said.Ready, o.status)
	}
	return o, levels
}

// TestCheckConfigFindsEachFault: a set-up that is right, and each setting made wrong in turn.
func TestCheckConfigFindsEachFault(t *testing.T) {
	t.Parallel()
	_, port := deliver(t, "127.0.0.1:0")
	dir, addr := t.TempDir(), freeAddress(t)
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	done(t, "--data", dir, "verify")
	done(t, "--data", dir, "backup", filepath.Join(t.TempDir(), "b"))
	key := "0123456789abcdef0123456789abcdef"
	base := []string{"--data", dir, "check-config", "--addr", addr, "--base-url", "https://jointly.example", "--trusted-proxy", "127.0.0.1",
		"--session-key", key, "--ocid-prefix", "ocds-b5fe01", "--smtp-host", "127.0.0.1", "--smtp-port", port, "--smtp-tls", "none", "--smtp-from", "Jointly <jointly@council.example>"}
	o, levels := checked(t, base...)
	if o.status != statusDone {
		t.Errorf("a set-up that is right: %s", o.out)
	}
	for _, check := range []string{"address", "metrics address", "restart", "base address", "proxies", "session keys", "sender", "mail", "OCID prefix", "data folder", "secret", "disk", "store", "backup"} {
		if levels[check].Level != levelOK {
			t.Errorf("%s: %+v", check, levels[check])
		}
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	open := t.TempDir()
	if err := os.Chmod(open, 0o755); err != nil { //nolint:gosec // that is the fault
		t.Fatal(err)
	}
	for _, test := range []struct {
		check, level string
		args         []string
	}{
		{"address", levelFail, []string{"--addr", "8080"}},
		{"address", levelFail, []string{"--addr", taken.Addr().String()}},
		{"address", levelFail, []string{"--addr", "0.0.0.0:0", "--demo"}},
		{"address", levelWarn, []string{"--addr", "0.0.0.0:0"}},
		{"demonstration", levelWarn, []string{"--demo"}},
		{"metrics address", levelFail, []string{"--metrics-addr", "nowhere"}},
		{"metrics address", levelFail, []string{"--metrics-addr", addr}},
		{"metrics address", levelFail, []string{"--metrics-addr", taken.Addr().String()}},
		{"metrics address", levelWarn, []string{"--metrics-addr", "0.0.0.0:0"}},
		{"restart", levelFail, []string{"--drain=-1s"}},
		{"restart", levelWarn, []string{"--drain", "5m"}},
		{"base address", levelFail, []string{"--base-url", "http://jointly.example"}},
		{"base address", levelFail, []string{"--base-url", "https://jointly.example/path"}},
		{"base address", levelFail, []string{"--base-url", "jointly.example"}},
		{"base address", levelWarn, []string{"--base-url", "http://127.0.0.1:8080"}},
		{"proxies", levelFail, []string{"--trusted-proxy", "proxy"}},
		{"proxies", levelFail, []string{"--trusted-proxy", "0.0.0.0/0"}},
		{"session keys", levelFail, []string{"--session-key", "short"}},
		{"session keys", levelFail, []string{"--session-key", strings.Repeat("ab", 20)}},
		{"session keys", levelFail, []string{"--session-key", key + "," + key}},
		{"session keys", levelWarn, []string{"--session-key", key + "1," + key + "2," + key + "3"}},
		{"sender", levelFail, []string{"--smtp-from", "nobody"}},
		{"sender", levelFail, []string{"--smtp-from", "Jointly <no-reply@jointly.example>"}},
		{"mail TLS", levelFail, []string{"--smtp-host", "mail.invalid"}},
		{"mail TLS", levelWarn, []string{"--smtp-tls", "opportunistic"}},
		{"mail", levelFail, []string{"--smtp-tls", "required"}}, // this server offers none
		{"mail", levelFail, []string{"--smtp-port", portOf(t, freeAddress(t))}},
		{"mail", levelFail, []string{"--smtp-host="}},
		{"OCID prefix", levelFail, []string{"--ocid-prefix", "mine"}},
		{"OCID prefix", levelWarn, []string{"--ocid-prefix", "ocds-xxxxxx"}},
		{"day", levelWarn, []string{"--as-of", "2030-01-01"}},
		{"data folder", levelFail, []string{"--data", open}},
		{"data folder", levelWarn, []string{"--data", filepath.Join(dir, "none")}},
		{"backup", levelWarn, []string{"--data", open}},
		{"store", levelFail, []string{"--store", "bolt://" + written(t, "store", "this is no store at all")}},
		{"store", levelFail, []string{"--store", "etcd://" + freeAddress(t)}},
	} {
		o, levels := checked(t, append(base, test.args...)...)
		if levels[test.check].Level != test.level {
			t.Errorf("%v: %s is %+v, want %s", test.args, test.check, levels[test.check], test.level)
		}
		if want := test.level == levelFail; want != (o.status == statusFailed) && want {
			t.Errorf("%v: status %d", test.args, o.status)
		}
	}
	if o := jointly(t, base...); !strings.Contains(o.out, "ok    base address: https://jointly.example") {
		t.Errorf("in words: %s", o.out)
	}
}

func portOf(t *testing.T, addr string) string {
	t.Helper()
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// TestCheckConfigBesideAService sees who holds the folder, and does not take the service's own address for a fault.
func TestCheckConfigBesideAService(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := startService(t, dir)
	_, levels := checked(t, "--data", dir, "check-config", "--addr", strings.TrimPrefix(s.address, "http://"))
	if f := levels["store"]; f.Level != levelOK || !strings.Contains(f.Text, s.address) {
		t.Errorf("the store: %+v", f)
	}
	if f := levels["address"]; f.Level != levelOK {
		t.Errorf("the address: %+v", f)
	}
}

// TestCheckConfigFindsSlipsOfThePen in the names of variables.
func TestCheckConfigFindsSlipsOfThePen(t *testing.T) {
	t.Parallel()
	o := elsewhere(t, t.TempDir(), []string{"JOINTLY_SMPT_HOST=mail", "JOINTLY_SMTP_HOST=127.0.0.1"}, "check-config")
	if !strings.Contains(o.out, "warn  environment: no setting has the name JOINTLY_SMPT_HOST.") {
		t.Errorf("status %d: %s%s", o.status, o.out, o.err)
	}
	if o := elsewhere(t, t.TempDir(), []string{"JOINTLY_SMTP_HOST=127.0.0.1"}, "check-config"); !strings.Contains(o.out, "ok    environment") {
		t.Errorf("the control: %s", o.out)
	}
}
