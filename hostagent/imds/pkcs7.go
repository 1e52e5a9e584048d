package imds

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/asn1"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Object identifiers of RFC 5652 and RFC 8017.
var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningTime   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
	oidSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidRSA           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
)

var contextTag0 = cbasn1.Tag(0).ContextSpecific().Constructed()

// pkcs7 is the document with its signature as PKCS#7 SignedData (RFC 5652), in base64
// without PEM's lines around, as EC2 gives it: the content is inside, the certificate
// is not.
func (s *signer) pkcs7(doc []byte) ([]byte, error) {
	attrs, err := s.signedAttributes(doc)
	if err != nil {
		return nil, err
	}
	// What is signed is the attributes as a SET; in the message they are [0].
	var set cryptobyte.Builder
	set.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) { b.AddBytes(attrs) })
	der, err := set.Bytes()
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(der)
	sig, err := rsa.SignPKCS1v15(nil, s.key, crypto.SHA256, sum[:])
	if err != nil {
		return nil, err
	}
	var out cryptobyte.Builder
	out.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oidSignedData)
		b.AddASN1(contextTag0, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { s.signedData(b, doc, attrs, sig) })
		})
	})
	der, err = out.Bytes()
	return wrap64(der), err
}

// signedData writes the fields of SignedData, version 1.
func (s *signer) signedData(b *cryptobyte.Builder, doc, attrs, sig []byte) {
	b.AddASN1Int64(1)
	b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) { algorithm(b, oidSHA256) })
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oidData)
		b.AddASN1(contextTag0, func(b *cryptobyte.Builder) { b.AddASN1OctetString(doc) })
	})
	b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // SignerInfo
			b.AddASN1Int64(1)
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddBytes(s.cert.RawIssuer)
				b.AddASN1BigInt(s.cert.SerialNumber)
			})
			algorithm(b, oidSHA256)
			b.AddASN1(contextTag0, func(b *cryptobyte.Builder) { b.AddBytes(attrs) })
			algorithm(b, oidRSA)
			b.AddASN1OctetString(sig)
		})
	})
}

// signedAttributes returns the attributes one after the other, in DER's order of a set.
func (s *signer) signedAttributes(doc []byte) ([]byte, error) {
	sum := sha256.Sum256(doc)
	var all [][]byte
	for _, a := range []struct {
		oid   asn1.ObjectIdentifier
		value func(*cryptobyte.Builder)
	}{
		{oidContentType, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oidData) }},
		{oidSigningTime, func(b *cryptobyte.Builder) { b.AddASN1UTCTime(s.now().UTC()) }},
		{oidMessageDigest, func(b *cryptobyte.Builder) { b.AddASN1OctetString(sum[:]) }},
	} {
		var b cryptobyte.Builder
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(a.oid)
			b.AddASN1(cbasn1.SET, a.value)
		})
		der, err := b.Bytes()
		if err != nil {
			return nil, err
		}
		all = append(all, der)
	}
	slices.SortFunc(all, bytes.Compare)
	return bytes.Join(all, nil), nil
}

// algorithm writes an AlgorithmIdentifier with NULL parameters.
func algorithm(b *cryptobyte.Builder, oid asn1.ObjectIdentifier) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		b.AddASN1NULL()
	})
}
