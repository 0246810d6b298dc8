package search

// Version names what the index is built from: its mapping, the registers and the dictionary. Two searches of the same
// words over the same facts find the same in the same order where it is the same.
func (x *Index) Version() string { return x.version }
