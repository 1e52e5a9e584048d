package gen_test

import (
	"testing"

	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/wiretest"
)

const model = "models/apis/ec2/2016-11-15/api-2.json"

func TestDecodeWhatBotocoreSends(t *testing.T) { wiretest.Requests(t, model, table) }

func TestBotocoreReadsWhatWeEncode(t *testing.T) { wiretest.Answers(t, wire.EC2, model, table) }
