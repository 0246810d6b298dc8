package etcdtest

// Clusters whose members are machines of their own: each in a network namespace, on a bridge that can be parted.

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// InsideVariable says to a test that it runs in namespaces of its own.
const InsideVariable = "JOINTLY_TEST_INSIDE"

// Inside says whether the test runs in namespaces of its own, where it may lay networks. Where it does not, it is run
// once more in such, and what that run logged of faults is logged: the caller then just returns. The test is skipped where
// the machine gives none.
func Inside(t *testing.T) bool {
	t.Helper()
	if os.Getenv(InsideVariable) != "" {
		return true
	}
	Program(t)
	const flags = "-rmnp"
	for _, tool := range []string{"unshare", "nsenter", "ip"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("this machine has no %s: networks are not parted", tool)
		}
	}
	if out, err := exec.Command("unshare", flags, "--fork", "--kill-child", "sh", "-ec", lay(1)).CombinedOutput(); err != nil {
		t.Skipf("this machine gives no network of its own, so none is parted: %v: %s", err, out)
	}
	// Whatever becomes of the run, all that it has started ends with the namespace of its processes.
	cmd := exec.CommandContext(t.Context(), "unshare", flags, "--fork", "--kill-child", os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.count=1")
	cmd.Env = append(os.Environ(), InsideVariable+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if _, said, ok := strings.Cut(line, "fault:"); ok {
			t.Logf("fault: %s", strings.TrimSpace(said))
		}
	}
	return false
}

// Net is the network of a cluster of machines. Members reach each other over one bridge, and are reached by clients over
// another, so that members can be parted from each other while both sides are still reached.
type Net struct{ t testing.TB }

// lay is the script that lays the network of so many members.
func lay(members int) string {
	var b strings.Builder
	b.WriteString("mount -t tmpfs none /run\nmkdir /run/netns\nip link set lo up\nip link add clients type bridge\nip addr add 10.87.2.254/24 dev clients\nip link set clients up\n")
	for side := range members {
		fmt.Fprintf(&b, "ip link add side%d type bridge\nip link set side%[1]d up\n", side)
	}
	for i := range members {
		fmt.Fprintf(&b, "ip netns add m%d\nip -n m%[1]d link set lo up\n", i)
		for net, on := range map[string]struct{ bridge, to string }{"peer": {"side0", "10.87.1"}, "client": {"clients", "10.87.2"}} {
			fmt.Fprintf(&b, "ip link add %s%d type veth peer name %[1]s netns m%[2]d\nip link set %[1]s%[2]d master %[3]s up\nip -n m%[2]d addr add %[4]s.%[5]d/24 dev %[1]s\nip -n m%[2]d link set %[1]s up\n",
				net, i, on.bridge, on.to, i+1)
		}
	}
	return b.String()
}

// StartApart starts three members, each in a network of its own, that run until t ends. It is for tests that run Inside.
func StartApart(t testing.TB, flags ...string) (*Cluster, *Net) {
	t.Helper()
	n := &Net{t}
	n.run("sh", "-ec", lay(3))
	c := &Cluster{scheme: "http"}
	var peers, clients []string
	for i := range 3 {
		peers, clients = append(peers, fmt.Sprintf("10.87.1.%d:2380", i+1)), append(clients, fmt.Sprintf("10.87.2.%d:2379", i+1))
	}
	c.plan(Program(t), t.TempDir(), peers, clients, flags)
	for i, m := range c.Members {
		m.network = fmt.Sprintf("/run/netns/m%d", i)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	t.Cleanup(c.stop)
	if err := c.start(ctx); err != nil {
		t.Fatal(err)
	}
	return c, n
}

func (n *Net) run(name string, args ...string) {
	n.t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		n.t.Fatalf("%s %s: %v: %s", name, strings.Join(args, " "), err, out)
	}
}

// Part puts each member on a side: those on the same one reach each other. Whatever is on the way to the others is lost
// without a word, as when a line is cut.
func (n *Net) Part(sides [3]int) {
	n.t.Helper()
	for i, side := range sides {
		n.run("ip", "link", "set", fmt.Sprint("peer", i), "master", fmt.Sprint("side", side))
	}
}

// Heal puts all members on one side.
func (n *Net) Heal() {
	n.t.Helper()
	n.Part([3]int{})
}

// Hide takes a member off the network of its clients, or brings it back.
func (n *Net) Hide(member int, hidden bool) {
	n.t.Helper()
	state := "up"
	if hidden {
		state = "down"
	}
	n.run("ip", "link", "set", fmt.Sprint("client", member), state)
}
