package console

import (
	"context"
	"errors"
	"io"
	"time"
)

type Session struct{ io.ReadWriteCloser }

func Tail(string) ([]byte, time.Time, error) { return nil, time.Now(), nil }
func Attach(context.Context, string, string) (*Session, error) { return nil, errors.New("tmp") }
