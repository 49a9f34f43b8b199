package cmd

import (
	"io"

	"github.com/spf13/cobra"

	"perfgoal/model"
)

// Root is the command tree in a language, for generating manual pages and
// completions. It is not meant to be run.
func Root(lang model.Lang) *cobra.Command {
	a := &app{in: nil, out: io.Discard, err: io.Discard, lang: lang}
	return a.root()
}
