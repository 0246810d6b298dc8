package bolt

// Queued returns how many jobs wait for the committer.
func (s *Store) Queued() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue)
}

// Commits returns the number of the last commit.
func (s *Store) Commits() int {
	snapshot, err := s.snapshot()
	if err != nil {
		return 0
	}
	defer func() { _ = snapshot.Rollback() }()
	return snapshot.ID()
}

// WithoutSync makes a store acknowledge what a power cut can undo: the control of the tests of power cuts.
func WithoutSync(s *Store) { s.db.NoSync = true }
