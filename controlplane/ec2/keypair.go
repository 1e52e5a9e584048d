package ec2

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/micacloud/mica/controlplane/action"
	"github.com/micacloud/mica/controlplane/model"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/controlplane/wire"
	"github.com/micacloud/mica/controlplane/wire/gen"
	"github.com/micacloud/mica/internal/apierr"
	"github.com/micacloud/mica/internal/ids"
)

func (a *API) registerKeyPairs(r *wire.Registry[*action.Call]) {
	wire.HandlePrepared(r, wire.Spec{Name: "CreateKeyPair", Mutates: true, Resource: "key-pair"}, a.prepareKeyPair, a.createKeyPair)
	wire.Check(r, "CreateKeyPair", checkCreateKeyPair)
	wire.Handle(r, wire.Spec{Name: "ImportKeyPair", Mutates: true, Resource: "key-pair"}, a.importKeyPair)
	wire.Check(r, "ImportKeyPair", func(in *gen.ImportKeyPairRequest) error { return checkKeyName(in.KeyName) })
	wire.Handle(r, wire.Spec{Name: "DescribeKeyPairs", Resource: "key-pair"}, a.describeKeyPairs)
	wire.Handle(r, wire.Spec{Name: "DeleteKeyPair", Mutates: true, Resource: "key-pair"}, a.deleteKeyPair)
}

func checkCreateKeyPair(in *gen.CreateKeyPairRequest) error {
	if err := checkKeyName(in.KeyName); err != nil {
		return err
	}
	if err := oneOf("keyType", in.KeyType, keyRSA, keyEd25519); err != nil {
		return err
	}
	return oneOf("keyFormat", in.KeyFormat, formatPEM, formatPPK)
}

// checkKeyName holds a name against EC2's rule: up to 255 ASCII characters without
// white space around them.
func checkKeyName(name *string) error {
	switch {
	case name == nil || *name == "":
		return apierr.New("MissingParameter", "The request must contain the parameter KeyName")
	case len(*name) > 255 || strings.TrimSpace(*name) != *name || strings.ContainsFunc(*name, func(r rune) bool { return r < ' ' || r > '~' }):
		return apierr.New("InvalidParameterValue", "Value (%s) for parameter KeyName is invalid. Character sets beyond ASCII are not supported; a name has up to 255 characters and no spaces at its ends.", clip(*name))
	}
	return nil
}

func (a *API) prepareKeyPair(_ context.Context, in *gen.CreateKeyPairRequest) (any, error) {
	return newKey(val(in.KeyType), val(in.KeyFormat), val(in.KeyName))
}

func (a *API) createKeyPair(c *action.Call, in *gen.CreateKeyPairRequest) (*gen.KeyPair, error) {
	m, ok := c.Prepared.(*keyMaterial)
	if !ok {
		return nil, errors.New("CreateKeyPair was not prepared")
	}
	k, err := putKeyPair(c, *in.KeyName, in.TagSpecifications, model.KeyPair{Type: orDefault(in.KeyType, keyRSA), Fingerprint: m.fingerprint, PublicKey: m.public})
	if err != nil {
		return nil, err
	}
	return &gen.KeyPair{KeyFingerprint: &k.Fingerprint, KeyMaterial: &m.private, KeyName: &k.Name, KeyPairId: &k.ID, Tags: toTags(k.Tags)}, nil
}

func (a *API) importKeyPair(c *action.Call, in *gen.ImportKeyPairRequest) (*gen.ImportKeyPairResult, error) {
	pub, err := parsePublicKey(in.PublicKeyMaterial)
	if err != nil {
		return nil, apierr.New("InvalidKey.Format", "Key is not in valid OpenSSH public key format: %v", err)
	}
	kind, fingerprint, err := imported(pub)
	if err != nil {
		return nil, apierr.New("InvalidKey.Format", "Key is not in valid OpenSSH public key format: %v", err)
	}
	k, err := putKeyPair(c, *in.KeyName, in.TagSpecifications, model.KeyPair{Type: kind, Fingerprint: fingerprint, PublicKey: authorizedKey(pub)})
	if err != nil {
		return nil, err
	}
	return &gen.ImportKeyPairResult{KeyFingerprint: &k.Fingerprint, KeyName: &k.Name, KeyPairId: &k.ID, Tags: toTags(k.Tags)}, nil
}

func putKeyPair(c *action.Call, name string, specs []*gen.TagSpecification, k model.KeyPair) (*model.KeyPair, error) {
	tags, err := parseTagSpecs(specs, "key-pair")
	if err != nil {
		return nil, err
	}
	k.ID, k.Owned, k.Name, k.Created, k.Tags = ids.New(ids.KeyPair), owner(c), name, c.Now(), tags["key-pair"]
	err = store.KeyPairs.Put(c.Tx, &k)
	if errors.Is(err, store.ErrExists) {
		return nil, apierr.New("InvalidKeyPair.Duplicate", "The keypair '%s' already exists.", name)
	}
	return &k, err
}

// keyPairNamed returns the caller's key pair of a name, or nil.
func keyPairNamed(c *action.Call, name string) *model.KeyPair {
	return store.KeyPairs.First(c.Tx, "name", store.Key(c.Account, c.Region, name))
}

func keyPairByID(c *action.Call, id string) *model.KeyPair {
	if k, ok := mineByID(store.KeyPairs)(c, id); ok {
		return k
	}
	return nil
}

var keyPairFilters = wire.FilterTable[*model.KeyPair]{
	Fields: map[string]func(*model.KeyPair) []string{
		"fingerprint": func(k *model.KeyPair) []string { return one(k.Fingerprint) },
		"key-name":    func(k *model.KeyPair) []string { return one(k.Name) },
		"key-pair-id": func(k *model.KeyPair) []string { return one(k.ID) },
	},
	Tags: func(k *model.KeyPair) map[string]string { return k.Tags },
}

func (a *API) describeKeyPairs(c *action.Call, in *gen.DescribeKeyPairsRequest) (*gen.DescribeKeyPairsResult, error) {
	match, err := keyPairFilters.Compile(in.Filters)
	if err != nil {
		return nil, err
	}
	var rows []*model.KeyPair
	for _, name := range in.KeyNames {
		k := keyPairNamed(c, name)
		if k == nil {
			return nil, noKeyPair(name)
		}
		rows = append(rows, k)
	}
	for _, id := range in.KeyPairIds {
		k := keyPairByID(c, id)
		if k == nil {
			return nil, keyPairKind.missing(clip(id))
		}
		rows = append(rows, k)
	}
	if len(in.KeyNames)+len(in.KeyPairIds) == 0 {
		rows = slices.Collect(mine(store.KeyPairs)(c))
	}
	out := &gen.DescribeKeyPairsResult{KeyPairs: []*gen.KeyPairInfo{}}
	seen := map[string]bool{}
	for _, k := range rows {
		if seen[k.ID] || !match(k) {
			continue
		}
		seen[k.ID] = true
		info := &gen.KeyPairInfo{KeyPairId: &k.ID, KeyFingerprint: &k.Fingerprint, KeyName: &k.Name, KeyType: &k.Type, Tags: tagsOrEmpty(k.Tags), CreateTime: &k.Created}
		if in.IncludePublicKey != nil && *in.IncludePublicKey {
			info.PublicKey = new(k.PublicKey + " " + k.Name)
		}
		out.KeyPairs = append(out.KeyPairs, info)
	}
	return out, nil
}

func noKeyPair(name string) error {
	return apierr.New("InvalidKeyPair.NotFound", "The key pair '%s' does not exist", clip(name))
}

// deleteKeyPair succeeds for a key pair that is not there, as EC2's does.
func (a *API) deleteKeyPair(c *action.Call, in *gen.DeleteKeyPairRequest) (*gen.DeleteKeyPairResult, error) {
	var k *model.KeyPair
	switch {
	case in.KeyPairId != nil && *in.KeyPairId != "":
		k = keyPairByID(c, *in.KeyPairId)
	case in.KeyName != nil && *in.KeyName != "":
		k = keyPairNamed(c, *in.KeyName)
	default:
		return nil, apierr.New("MissingParameter", "The request must contain the parameter KeyName or KeyPairId")
	}
	out := &gen.DeleteKeyPairResult{Return: new(true), KeyPairId: in.KeyPairId}
	if k == nil {
		return out, nil
	}
	out.KeyPairId = &k.ID
	return out, store.KeyPairs.Delete(c.Tx, k.ID)
}
