package store

import (
	"bytes"

	"github.com/fxamacker/cbor/v2"
)

// What the log and snapshots have around rows is CBOR in core deterministic form, too, so
// that a value has one encoding only. rowcodec.go has that of rows.
var (
	encMode = must(func() (cbor.UserBufferEncMode, error) {
		o := cbor.CoreDetEncOptions()
		o.Time = cbor.TimeRFC3339NanoUTC
		return o.UserBufferEncMode()
	}())
	// strict is for what this very schema wrote: it has no field that we lack.
	strict = must(decOptions(cbor.ExtraDecErrorUnknownField).DecMode())
	// lenient is for older schemas, which may have had fields that are gone.
	lenient = must(decOptions(cbor.ExtraDecErrorNone).DecMode())
)

func decOptions(extra cbor.ExtraDecErrorCond) cbor.DecOptions {
	return cbor.DecOptions{
		DupMapKey:         cbor.DupMapKeyQuiet,
		FieldNameMatching: cbor.FieldNameMatchingCaseSensitive,
		ExtraReturnErrors: extra,
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// encodeTo appends the encoding of v. What it appended is undone if it fails.
func encodeTo(buf *bytes.Buffer, v any) error {
	mark := buf.Len()
	if err := encMode.MarshalToBuffer(v, buf); err != nil {
		buf.Truncate(mark)
		return err
	}
	return nil
}

// decoder returns how to read what a schema wrote.
func decoder(schema int) cbor.DecMode {
	if schema < Schema {
		return lenient
	}
	return strict
}
