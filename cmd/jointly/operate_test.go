package main

// What helps to run the service fits the service: the alerts its metrics and the README, the unit and the container file
// the program.

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// alertFaults lists what does not fit: a metric or a label's value that no service tells, an alert without a section.
func alertFaults(alerts, metrics, readme string) (faults []string) {
	for _, name := range regexp.MustCompile(`\b(?:jointly|process|go)_[a-z_]+`).FindAllString(alerts, -1) {
		if !strings.Contains(metrics, "# TYPE "+strings.TrimSuffix(name, "_bucket")+" ") {
			faults = append(faults, "no metric "+name)
		}
	}
	for _, m := range regexp.MustCompile(`(result|door|task|follower)=~?"([^"]+)"`).FindAllStringSubmatch(alerts, -1) {
		for _, value := range strings.Split(m[2], "|") {
			if !strings.Contains(metrics, m[1]+`="`+value+`"`) {
				faults = append(faults, "no "+m[1]+" "+value)
			}
		}
	}
	for _, m := range regexp.MustCompile(`alert: (\w+)`).FindAllStringSubmatch(alerts, -1) {
		if !strings.Contains(readme, "**"+m[1]+"**") {
			faults = append(faults, "no section "+m[1])
		}
	}
	return faults
}

func TestAlertsFitTheMetricsAndTheReadme(t *testing.T) {
	t.Parallel()
	s := startService(t, t.TempDir())
	fetch(t, s.address+"/")
	status, metrics := fetch(t, s.address+"/metrics")
	if status != http.StatusOK {
		t.Fatalf("/metrics answers %d", status)
	}
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	alerts := done(t, "check-config", "--print", "alerts")
	if n := strings.Count(alerts, "alert: "); n < 10 {
		t.Errorf("%d alerts", n)
	}
	for _, fault := range alertFaults(alerts, metrics, string(readme)) {
		t.Error(fault)
	}
	// The negative control: each kind of fault is found.
	for _, bad := range []string{"expr: jointly_no_such_metric > 1", `expr: x{result="no-such"}`, "alert: JointlyNoSuchAlert"} {
		if len(alertFaults(bad, metrics, string(readme))) != 1 {
			t.Errorf("%s goes unnoticed", bad)
		}
	}
}

// TestEachAlertFires runs Prometheus' own unit tests of the rules, where promtool is there.
func TestEachAlertFires(t *testing.T) {
	t.Parallel()
	tests := filepath.Join("testdata", "alerts_test.yml")
	cases, err := os.ReadFile(tests)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`alert: (\w+)`).FindAllStringSubmatch(done(t, "check-config", "--print", "alerts"), -1) {
		if strings.Count(string(cases), "alertname: "+m[1]) != 2 {
			t.Errorf("%s is not tested both quiet and firing", m[1])
		}
	}
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("skipped: promtool is not there")
	}
	if out, err := exec.Command(promtool, "test", "rules", tests).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

func TestMetricsOnAnAddressOfTheirOwn(t *testing.T) {
	t.Parallel()
	own := freeAddress(t)
	s := startService(t, t.TempDir(), "--metrics-addr", own)
	if status, body := fetch(t, "http://"+own+"/metrics"); status != http.StatusOK || !strings.Contains(body, "jointly_store_commits_total") {
		t.Errorf("%d: %s", status, clip(body))
	}
	if status, _ := fetch(t, "http://"+own+"/"); status != http.StatusNotFound {
		t.Errorf("that address shows pages: %d", status)
	}
	r, err := http.NewRequest(http.MethodGet, s.address+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Forwarded-For", "192.0.2.7")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusNotFound {
		t.Errorf("through a proxy /metrics answers %d", answer.StatusCode)
	}
}

func TestTheUnitIsHardened(t *testing.T) {
	t.Parallel()
	analyse, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not here")
	}
	file := filepath.Join(t.TempDir(), "jointly.service")
	unit := done(t, "check-config", "--print", "unit")
	exposure := func(text string) error {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return exec.Command(analyse, "security", "--offline=true", "--threshold=20", file).Run() // an exposure of 2.0 of 10
	}
	if err := exposure(unit); err != nil {
		t.Errorf("the unit is more exposed than it should be: %v", err)
	}
	if exposure("[Service]\nExecStart=/usr/local/bin/jointly serve\n") == nil { // the control
		t.Skip("this systemd-analyze does not look at units offline")
	}
}

// TestTheContainerFileNamesNoRegistry, and every image that it begins with is one of the usual ones.
func TestTheContainerFileNamesNoRegistry(t *testing.T) {
	t.Parallel()
	var images []string
	for line := range strings.Lines(done(t, "check-config", "--print", "container")) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "FROM" {
			name, _, _ := strings.Cut(fields[1], ":")
			images = append(images, name)
		}
	}
	if !slices.Equal(images, []string{"node", "golang", "scratch"}) {
		t.Errorf("it begins with %v", images)
	}
}

// TestTheProgramNeedsNoC: nothing in it is lost where it is built static, as the container file and 'make static' do.
func TestTheProgramNeedsNoC(t *testing.T) {
	t.Parallel()
	list := func(tags string) string {
		cmd := exec.Command("go", "list", "-deps", "-e", "-tags", tags, "-f", "{{if .Error}}{{.ImportPath}}: {{.Error}}{{end}}{{if and .CgoFiles (not .Standard)}}{{.ImportPath}} needs C{{end}}", ".")
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return strings.TrimSpace(string(out))
	}
	if got := list("timetzdata"); got != "" {
		t.Error(got)
	}
}
