package hypervisor

import (
	"crypto/sha256"
	"encoding/hex"
)

// UUID returns the system UUID of an instance: the same for each of its boots, lower
// case, and starting with ec2, by which cloud-init knows that there is a metadata
// service to ask. The rest is a digest of the id, marked as a version 8 UUID (RFC
// 9562: free form).
func UUID(instance string) string {
	sum := sha256.Sum256([]byte("mica system uuid " + instance))
	b := sum[:16]
	b[0], b[1] = 0xec, 0x20|b[1]&0x0f
	b[6] = 0x80 | b[6]&0x0f
	b[8] = 0x80 | b[8]&0x3f
	h := hex.EncodeToString(b)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
