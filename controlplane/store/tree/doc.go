// Package tree is a sorted map from keys to values, both bytes, that costs little more
// memory than the bytes: a B+tree whose leaves are single blobs. A Tree never changes and
// is copied by assignment; an Edit makes another one of it that shares what is the same.
//
// A leaf cuts off what all its keys begin with. Its first value stands as it is, and the
// others as what differs from that one (delta.go): rows of a table are much alike. A leaf is
// a string, so that nobody can write to it, and it is exactly as large as what is in it.
//
// What a Tree holds is the same whatever way it was made; how its leaves are cut is not.
// Pack cuts leaves by the entries alone: it is for snapshots, which must be equal.
package tree
