package auth

import "sync"

// keyCache keeps derived signing keys: deriving one is most of the work of a check, and it
// is good for a day. A made-up key's are kept like any other, so that time tells nothing.
type keyCache struct {
	mu   sync.Mutex
	keys map[cachedKey][]byte
}

type cachedKey struct {
	secret string
	scope  scope
}

// cachedKeys bounds the cache, which begins anew then.
const cachedKeys = 4096

func (c *keyCache) get(secret string, s scope) []byte {
	k := cachedKey{secret, s}
	c.mu.Lock()
	defer c.mu.Unlock()
	key := c.keys[k]
	if key == nil {
		if c.keys == nil || len(c.keys) >= cachedKeys {
			c.keys = map[cachedKey][]byte{}
		}
		key = s.key(secret)
		c.keys[k] = key
	}
	return key
}
