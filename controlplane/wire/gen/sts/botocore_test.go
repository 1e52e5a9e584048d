package sts_test

import (
	"testing"

	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/wiretest"
)

const model = "models/apis/sts/2011-06-15/api-2.json"

func TestDecodeWhatBotocoreSends(t *testing.T) { wiretest.Requests(t, model, table) }

func TestBotocoreReadsWhatWeEncode(t *testing.T) { wiretest.Answers(t, wire.STS, model, table) }
