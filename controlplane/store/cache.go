package store

import (
	"hash/maphash"
	"sync/atomic"
)

// cache has rows that were decoded, so that those that are asked for again and again are
// not decoded each time. It answers only for the very bytes that a row was made of, so it
// cannot be wrong about versions; who loses a place in it is chance.
//
// Of a large state most rows that are asked for are not in it. To find that out takes the
// tag of one place, which stand close together: the row in it, its encoding and its key are
// all elsewhere, and to look at them would cost more than a third of the decoding.
type cache struct {
	pages [cachePages]atomic.Pointer[cachePage]
}

const (
	cachePages = 64
	pageRows   = 512
)

type cachePage struct {
	tags [pageRows]atomic.Uint32 // what a place is likely to have; 0 is nothing
	rows [pageRows]atomic.Pointer[cached]
}

type cached struct {
	t       *table
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
	i, tag := h%pageRows, uint32(h>>9)|1
	had := p.tags[i].Load()
	if had == tag {
		if old := p.rows[i].Load(); old.t == t && old.encoded == string(encoded) {
			return old.row
		}
	}
	s := string(encoded)
	row, err := t.decodeRow(Schema, s)
	if err != nil {
		panic(err) // rows were decoded, or checked, when they came in
	}
	if asked || had == tag || had == 0 {
		p.rows[i].Store(&cached{t, s, row})
		p.tags[i].Store(tag)
	}
	return row
}
