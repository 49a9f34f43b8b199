package cmd

import (
	"errors"
	"os"

	"perfgoal/cmd/manifest"
	"perfgoal/validate"
)

// readManifest reads --manifest; what is wrong with it is a usage error.
func (a *app) readManifest(path string) (*validate.Manifest, error) {
	if path == "" {
		return nil, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, a.usage("读不了清单 %s：%v", "cannot read the manifest %s: %v", path, cause(err))
	}
	m, err := manifest.Parse(path, data)
	if bad := new(manifest.Error); errors.As(err, &bad) {
		return nil, a.usage("清单 %s：%s", "manifest %s: %s", path, bad.In(a.lang))
	}
	return m, err
}
