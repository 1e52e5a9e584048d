package store

import (
	"hash/maphash"
	"strings"
	"sync/atomic"
)

// cache has rows that were decoded, so that those that are asked for again and again are
// not decoded each time. It answers only for the very bytes that a row was made of, so it
// cannot be wrong about versions; who loses a place in it is chance.
type cache struct {
	pages [cachePages]atomic.Pointer[cachePage]
}

const (
	cachePages = 64
	pageRows   = 512
)

type cachePage [pageRows]atomic.Pointer[cached]

type cached struct {
	t       *table
	id      string
	encoded string
	row     any
}

var cacheSeed = maphash.MakeSeed()

// decode returns the row of an encoding. A row that was asked for by its key takes the place
// of another; one that came by in a listing does not.
func (c *cache) decode(t *table, id string, encoded []byte, asked bool) any {
	h := maphash.String(cacheSeed, id) + uint64(t.slot)*0x9E3779B97F4A7C15
	page := &c.pages[h>>32%cachePages]
	p := page.Load()
	if p == nil {
		page.CompareAndSwap(nil, new(cachePage))
		p = page.Load()
	}
	place := &p[h%pageRows]
	old := place.Load()
	mine := old != nil && old.t == t && old.id == id
	if mine && old.encoded == string(encoded) {
		return old.row
	}
	s := string(encoded)
	row, err := t.decodeRow(Schema, s)
	if err != nil {
		panic(err) // rows were decoded, or checked, when they came in
	}
	if asked || mine || old == nil {
		place.Store(&cached{t, strings.Clone(id), s, row})
	}
	return row
}
