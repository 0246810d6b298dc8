package catalogue

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
)

// packedRow is how many bytes of packed JSON stand in one row of the store.
const packedRow = 200 << 10

// pack is v as JSON, compressed: what is too big for a record stands in rows of packedRow bytes. What says in an error
// what it is.
func pack(what string, v any) (*bytes.Buffer, error) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if err := errors.Join(json.NewEncoder(z).Encode(v), z.Close()); err != nil {
		return nil, fmt.Errorf("pack %s: %w", what, err)
	}
	return &packed, nil
}

// unpack reads what pack made into v, which stays as it is where nothing was stored.
func unpack(what string, packed *bytes.Buffer, v any) error {
	if packed.Len() == 0 {
		return nil
	}
	z, err := gzip.NewReader(packed)
	if err == nil {
		err = json.NewDecoder(z).Decode(v)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		return fmt.Errorf("unpack %s: %w: %w", what, ErrDamaged, err)
	}
	return nil
}
