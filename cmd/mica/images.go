package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/micacloud/mica/controlplane/operator"
	"github.com/micacloud/mica/controlplane/store"
	"github.com/micacloud/mica/imagestore"
)

// serveImage gives a member the file of an image, if it is here.
func (s *cloud) serveImage(w http.ResponseWriter, r *http.Request) {
	if s.images == nil {
		http.NotFound(w, r)
		return
	}
	info, err := s.images.Get(r.PathValue("digest"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	f, err := os.Open(info.Path)
	if err != nil {
		http.Error(w, "the image cannot be read", http.StatusInternalServerError)
		return
	}
	defer f.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	http.ServeContent(w, r, "", time.Time{}, f)
}

// importHere keeps an image's file where the operator has it, on this server, whoever
// leads: the others come for it.
func (s *cloud) importHere(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != "/v1/images" || s.cluster.Leads() {
			next.ServeHTTP(w, r)
			return
		}
		in, err := s.operator.Received(r)
		if err == nil {
			in, err = s.operator.Import(r.Context(), in)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		b, err := json.Marshal(in)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		out := r.Clone(r.Context())
		out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(b)), int64(len(b))
		next.ServeHTTP(w, out)
	})
}

// library keeps the files of all images on this server, so that losing one loses none.
func (s *cloud) library(ctx context.Context) {
	for {
		changed := s.node.Changed()
		for i := range store.Images.List(s.node.Stale()) {
			if ctx.Err() != nil {
				return
			}
			if i.State != "available" {
				continue
			}
			if _, err := s.images.Get(i.Digest); !errors.Is(err, imagestore.ErrNotFound) {
				continue
			}
			body, err := s.cluster.Find(ctx, pathImages+i.Digest)
			if err != nil {
				s.log.Debug("an image is not on another server either, for now", "image_id", i.ID, "err", err)
				continue
			}
			_, err = s.images.Import(ctx, body, imagestore.Options{SHA256: i.Digest, Format: imagestore.FormatQcow2})
			body.Close()
			s.log.Info("fetched an image from another server", "image_id", i.ID, "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(10 * time.Second):
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		case <-time.After(time.Minute):
		}
	}
}

// fetcher reads images that other servers have; nil without others.
func (s *cloud) fetcher() func(context.Context, string) (io.ReadCloser, error) {
	if s.cluster == nil {
		return nil
	}
	return func(ctx context.Context, digest string) (io.ReadCloser, error) {
		return s.cluster.Find(ctx, pathImages+digest)
	}
}

// keepImages says where this server keeps images.
func (s *cloud) keepImages(images *imagestore.Store) {
	s.images, s.operator.Import = images, importFile(images)
	if s.cluster != nil {
		ctx, bg := newGroup(context.Background())
		s.copying = bg
		bg.wg.Go(func() { s.library(ctx) })
	}
}

// importFile checks an image and keeps it in a store.
func importFile(images *imagestore.Store) func(context.Context, operator.Image) (operator.Image, error) {
	return func(ctx context.Context, in operator.Image) (operator.Image, error) {
		if in.Digest != "" { // another server did
			return in, nil
		}
		info, err := images.ImportFile(ctx, in.Path, imagestore.Options{SHA256: in.SHA256, Format: imagestore.Format(in.Format)})
		if err != nil {
			return in, err
		}
		in.Digest, in.SizeBytes, in.VirtualBytes = info.Digest, info.FileSize, info.VirtualSize
		return in, nil
	}
}
