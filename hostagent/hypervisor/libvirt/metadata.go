package libvirt

import (
	"encoding/xml"
	"errors"
	"fmt"
)

// namespace is that of our element in a domain's metadata. It is how a domain is
// known to be ours, and of which epoch.
const namespace = "https://github.com/micacloud/mica/xmlns/boot/1"

// bootElement is <mica:boot xmlns:mica=... instance="i-..." epoch="1"/>.
type bootElement struct {
	XMLName  xml.Name `xml:"boot"`
	Instance string   `xml:"instance,attr"`
	Epoch    int64    `xml:"epoch,attr"`
}

// metadataXML returns the element. It is written by hand as encoding/xml knows no
// prefixes, which libvirt insists on.
func metadataXML(instance string, epoch int64) (string, error) {
	if epoch <= 0 {
		return "", fmt.Errorf("epoch %d: must be positive", epoch)
	}
	for _, c := range instance {
		if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return "", fmt.Errorf("instance id %q: only a-z, 0-9 and - can name a domain", instance)
		}
	}
	return fmt.Sprintf(`<mica:boot xmlns:mica=%q instance=%q epoch="%d"/>`, namespace, instance, epoch), nil
}

var errNotOurs = errors.New("the domain has no metadata of Mica's")

// parseMetadata reads the element as libvirt gives it back.
func parseMetadata(s string) (instance string, epoch int64, err error) {
	var e bootElement
	if err := xml.Unmarshal([]byte(s), &e); err != nil {
		return "", 0, fmt.Errorf("metadata %q: %w", s, err)
	}
	if e.Instance == "" || e.Epoch <= 0 {
		return "", 0, fmt.Errorf("metadata %q: %w", s, errNotOurs)
	}
	return e.Instance, e.Epoch, nil
}
