package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// While serve runs it holds the data folder; other commands reach it through a Unix socket in the folder. A request is
// one line of JSON; the answer is frames of what the command prints, then its exit status.

// socketFile is the socket in a data folder; servingFile says who holds the folder.
const (
	socketFile  = "jointly.sock"
	servingFile = "serving.json"
)

// request is a command line and what it means where it was given: the folder that its paths are relative to, and the
// day that flag or environment name.
type request struct {
	Args   []string `json:"args"`
	Folder string   `json:"folder"`
	AsOf   string   `json:"as_of"`
}

// Limits on those who ask.
const (
	askWithin  = 5 * time.Second // from connecting to the end of the request
	tellWithin = 2 * time.Second // once the command is stopped: to take what it still prints
	maxRequest = 1 << 20
)

// Frames of an answer.
const (
	frameOut    = 'o'
	frameErr    = 'e'
	frameStatus = 's'
)

// serving is who serves a data folder.
type serving struct {
	PID     int       `json:"pid"`
	Address string    `json:"address"`
	Store   string    `json:"store"` // path of the file that holds the records, or address of the cluster
	Since   time.Time `json:"since"`
}

func (h serving) String() string {
	return fmt.Sprintf("'jointly serve' (process %d, at %s, since %s)", h.PID, h.Address, h.Since.Format("15:04 on 2 January 2006"))
}

// served connects to the process that serves a data folder; nil where there is none, or only what a killed one left.
func served(ctx context.Context, dir string) (serving, net.Conn) {
	var h serving
	b, err := os.ReadFile(filepath.Join(dir, servingFile))
	if err != nil || json.Unmarshal(b, &h) != nil {
		return h, nil
	}
	path, closer, err := shortPath(dir)
	if err != nil {
		return h, nil
	}
	defer func() { _ = closer.Close() }() // only a folder's descriptor
	conn, err := new(net.Dialer).DialContext(ctx, "unix", path)
	if err != nil {
		return h, nil
	}
	return h, conn
}

// heldBy says who serves a data folder; nil where nobody does.
func heldBy(ctx context.Context, dir string) error {
	h, conn := served(ctx, dir)
	if conn == nil {
		return nil
	}
	return errors.Join(fmt.Errorf("the data folder %s is held by %s. Stop that first, or choose another folder with --data", dir, h), conn.Close())
}

// shortPath is a path to a socket that the system takes: a longer one than it allows is reached through the folder's
// descriptor. Close the closer when the path is no longer needed.
func shortPath(dir string) (string, io.Closer, error) {
	const longest = 100
	path := filepath.Join(dir, socketFile)
	if len(path) <= longest {
		return path, io.NopCloser(nil), nil
	}
	folder, err := os.Open(dir)
	if err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", folder.Fd(), socketFile), folder, nil
}

// listen opens the socket of a data folder that this process holds; one that a killed process left is taken over.
func listen(dir string) (net.Listener, io.Closer, error) {
	if err := os.Remove(filepath.Join(dir, socketFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, nil, fmt.Errorf("socket: %w", err)
	}
	path, closer, err := shortPath(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("socket: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("socket: %w", err), closer.Close())
	}
	if err := os.Chmod(filepath.Join(dir, socketFile), 0o600); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("socket: %w", err), l.Close(), closer.Close())
	}
	return l, closer, nil
}

// remote asks the process that serves the data folder to run a command; done is false where there is none, or where it
// serves another store than the one that is meant.
func remote(ctx context.Context, g Globals, req request, s streams) (status int, done bool, err error) {
	store, err := g.storeAt()
	if err != nil {
		return 0, false, err
	}
	h, conn := served(ctx, g.Data)
	if conn == nil {
		return 0, false, nil
	}
	defer func() { _ = conn.Close() }() // all that was to be read has been
	if h.Store != store.String() {
		return 0, false, nil
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // the server ends the command when we are gone
	defer stop()
	if err := json.NewEncoder(conn).Encode(req); err != nil {
		return 0, false, fmt.Errorf("ask the running service: %w", err)
	}
	for {
		kind, payload, err := readFrame(conn)
		if ctx.Err() != nil {
			return 0, true, ctx.Err()
		}
		if err != nil {
			return 0, true, fmt.Errorf("the running service broke off; look at its log: %w", err)
		}
		switch kind {
		case frameOut:
			_, err = s.out.Write(payload)
		case frameErr:
			_, err = s.err.Write(payload)
		case frameStatus:
			return int(payload[0]), true, nil
		}
		if err != nil {
			return 0, true, err
		}
	}
}

// answer runs one command that came through the socket.
func (a *app) answer(ctx context.Context, conn net.Conn) {
	defer func() { _ = conn.Close() }()     // whoever asked has the status, or is gone
	stop := context.AfterFunc(ctx, func() { // whoever asks and does not write or read is not waited for
		now := time.Now()
		if err := errors.Join(conn.SetReadDeadline(now), conn.SetWriteDeadline(now.Add(tellWithin))); ignoreClosed(err) != nil {
			a.log.Warn("a command that was stopped may not end", "error", err)
		}
	})
	defer stop()
	req, err := readRequest(conn)
	if err != nil {
		if !errors.Is(err, io.EOF) { // who asks nothing only looked whether somebody serves
			a.log.Warn("a command could not be read", "error", err)
		}
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { // whoever asked has gone: stop
		if _, err := conn.Read(make([]byte, 1)); err != nil {
			cancel()
		}
	}()
	var mu sync.Mutex
	s := streams{in: eof{}, out: &frameWriter{conn, frameOut, &mu}, err: &frameWriter{conn, frameErr, &mu}}
	status := a.runHere(ctx, req, s)
	if _, err := (&frameWriter{conn, frameStatus, &mu}).Write([]byte{byte(status)}); err != nil && ctx.Err() == nil {
		a.log.Warn("a command's end could not be told", "error", err)
	}
}

// readRequest reads what is asked; io.EOF where nothing is.
func readRequest(conn net.Conn) (req request, err error) {
	if err := conn.SetReadDeadline(time.Now().Add(askWithin)); err != nil {
		return req, err
	}
	if err := json.NewDecoder(io.LimitReader(conn, maxRequest)).Decode(&req); err != nil {
		return req, err
	}
	return req, conn.SetReadDeadline(time.Time{})
}

// runHere runs a command line over the open data folder. A fault of ours in it does not end the service.
func (a *app) runHere(ctx context.Context, req request, s streams) (status int) {
	defer func() {
		if p := recover(); p != nil {
			a.log.Error("a command failed", "panic", p, "stack", string(debug.Stack()))
			status = report(s.err, errors.New("this command failed inside the running service: its log says where"))
		}
	}()
	cmd, g, status, done := understand(req.Args, req.Folder, s)
	if done {
		return status
	}
	g.AsOf = req.AsOf // the environment of this process is not that of who asks
	on, err := a.at(g)
	if err != nil {
		return report(s.err, err)
	}
	return report(s.err, cmd.run(ctx, on, s))
}

type eof struct{}

func (eof) Read([]byte) (int, error) { return 0, io.EOF }

// frameWriter writes frames: kind, length as 4 bytes, bytes.
type frameWriter struct {
	w    io.Writer
	kind byte
	mu   *sync.Mutex
}

func (f *frameWriter) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for piece := range slices.Chunk(p, maxFrame) {
		head := binary.BigEndian.AppendUint32([]byte{f.kind}, uint32(len(piece)))
		if _, err := f.w.Write(append(head, piece...)); err != nil {
			return n, err
		}
		n += len(piece)
	}
	return n, nil
}

const maxFrame = 1 << 20

func readFrame(r io.Reader) (kind byte, payload []byte, err error) {
	head := make([]byte, 5)
	if _, err := io.ReadFull(r, head); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[1:])
	if n > maxFrame || head[0] == frameStatus && n != 1 {
		return 0, nil, errors.New("a frame of an impossible length")
	}
	payload = make([]byte, n)
	_, err = io.ReadFull(r, payload)
	return head[0], payload, err
}
