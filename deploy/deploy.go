// Package deploy carries the scripts that the mica command needs where no source tree
// is: a static binary alone can build an image.
package deploy

import _ "embed"

// BuildDebianImage is a bash script that builds a bootable Debian image with
// cloud-init. Arguments: the path of the qcow2 file to write and, optionally, the
// release. It wants to be a file of its own, as what it runs reads standard input.
//
//go:embed build-debian-image.sh
var BuildDebianImage []byte
