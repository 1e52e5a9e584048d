package consensus

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"time"

	walfs "github.com/hashicorp/raft-wal/fs"
	"github.com/hashicorp/raft-wal/metadb"
	"github.com/hashicorp/raft-wal/segment"
	"github.com/hashicorp/raft-wal/types"
)

// finishRotation mends a log whose newest segment was filled when the program ended, most
// of all because the disk was full: segments are allocated beforehand, so it is the entry
// that ends one that finds no space. raft-wal 0.4.1 opens such a log, takes the segment for
// sealed, and refuses every entry at this and each later start.
func finishRotation(path string) error {
	var meta metadb.BoltMetaDB
	state, err := meta.Load(path)
	if n := len(state.Segments); err == nil && n > 0 && state.Segments[n-1].SealTime.IsZero() {
		err = dropTornSeal(filepath.Join(path, segment.FileName(state.Segments[n-1])))
		if err == nil {
			err = noteSeal(path, &meta, state)
		}
		if errors.Is(err, os.ErrNotExist) {
			err = nil // it is noted, and made when the log is opened
		}
	}
	return errors.Join(err, meta.Close())
}

// noteSeal writes into the catalogue that the newest segment is sealed, if it is, and where
// the next one begins.
func noteSeal(path string, meta *metadb.BoltMetaDB, state types.PersistentState) error {
	tail := &state.Segments[len(state.Segments)-1]
	w, err := segment.NewFiler(path, walfs.New()).RecoverTail(*tail)
	if err != nil {
		return err
	}
	last := w.LastIndex()
	full, index, err := w.Sealed()
	if err := errors.Join(err, w.Close()); err != nil || !full {
		return err
	}
	now := time.Now()
	tail.SealTime, tail.MaxIndex, tail.IndexStart = now, last, index
	state.Segments = append(state.Segments, types.SegmentInfo{
		ID: state.NextSegmentID, BaseIndex: last + 1, MinIndex: last + 1, SizeLimit: tail.SizeLimit, Codec: tail.Codec, CreateTime: now,
	})
	state.NextSegmentID++
	return meta.CommitState(state) // in one transaction
}

// Frames of raft-wal's segments: a header of 8 bytes with the type and the length (of a
// commit: the checksum), and the payload, filled up to a multiple of 8.
const (
	segmentHeader = 32
	frameHeader   = 8
	frameEntry    = 1
	frameIndex    = 2
	frameCommit   = 3
)

// dropTornSeal forgets an index that was not written as a whole: it wipes its batch, which
// nothing refers to, and the header of its first frame last.
func dropTornSeal(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	at, err := tornSeal(f)
	if err == nil && at > 0 {
		err = wipe(f, at)
	}
	return errors.Join(err, f.Close())
}

func wipe(f *os.File, at int64) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	for _, part := range [][2]int64{{at + frameHeader, info.Size()}, {at, at + frameHeader}} {
		if part[1] <= part[0] {
			continue
		}
		if _, err := f.WriteAt(make([]byte, part[1]-part[0]), part[0]); err != nil {
			return err
		}
		if err := f.Sync(); err != nil {
			return err
		}
	}
	return nil
}

// tornSeal returns where the last batch begins if it has an index and is not whole, or 0.
func tornSeal(f io.ReaderAt) (int64, error) {
	begin, crcFrom := int64(segmentHeader), int64(0) // of the batch being read
	var torn int64
	sealed := false
	for at := begin; ; {
		var h [frameHeader]byte
		if n, err := f.ReadAt(h[:], at); n < len(h) {
			if err != nil && err != io.EOF {
				return 0, err
			}
			break
		}
		word, length := binary.LittleEndian.Uint32(h[4:]), int64(0)
		switch h[0] {
		case frameEntry, frameIndex:
			length = (int64(word) + 7) &^ 7
			sealed = sealed || h[0] == frameIndex
		case frameCommit:
			torn = 0
			if sealed {
				batch := make([]byte, at-crcFrom)
				if _, err := f.ReadAt(batch, crcFrom); err != nil {
					return 0, err
				}
				if crc32.Checksum(batch, crc32.MakeTable(crc32.Castagnoli)) != word {
					torn = begin
				}
			}
			begin, crcFrom, sealed = at+frameHeader, at+frameHeader, false
		default:
			length = -1
		}
		if length < 0 {
			break
		}
		at += frameHeader + length
	}
	if sealed { // no commit follows
		torn = begin
	}
	return torn, nil
}
