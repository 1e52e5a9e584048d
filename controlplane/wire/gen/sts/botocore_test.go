package sts_test

import (
	"testing"

	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/wiretest"
)

func TestDecodeWhatBotocoreSends(t *testing.T) { wiretest.Requests(t, wire.STS, table) }

func TestBotocoreReadsWhatWeEncode(t *testing.T) { wiretest.Answers(t, wire.STS, table) }
