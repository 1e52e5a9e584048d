package pki

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
)

// PeerServerConfig is for accepting connections from other members, who must show their
// certificates. accept may refuse them.
func (m *Member) PeerServerConfig(proto string, accept func(Identity) error) *tls.Config {
	cfg := m.peerConfig(proto, accept)
	cfg.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return m.now.Load().cert, nil }
	cfg.ClientAuth = tls.RequireAnyClientCert
	return cfg
}

// PeerClientConfig is for dialing another member. accept may refuse it.
func (m *Member) PeerClientConfig(proto string, accept func(Identity) error) *tls.Config {
	cfg := m.peerConfig(proto, accept)
	cfg.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return m.now.Load().cert, nil }
	cfg.InsecureSkipVerify = true // by host name; VerifyConnection checks who it is
	return cfg
}

// peerConfig knows members by what all of them can prove: that they are clients.
func (m *Member) peerConfig(proto string, accept func(Identity) error) *tls.Config {
	cfg := m.config([]string{proto})
	cfg.VerifyConnection = func(cs tls.ConnectionState) error {
		who, err := m.verify(cs.PeerCertificates, x509.ExtKeyUsageClientAuth)
		switch {
		case err != nil:
			return err
		case cs.NegotiatedProtocol != proto:
			return errors.New("pki: the other does not speak " + proto)
		}
		return accept(who)
	}
	return cfg
}
