// Command build makes the page: go run ./web/build -o perfgoal.html
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"perfgoal/web"
)

func main() {
	file := flag.String("o", "perfgoal.html", "where the page goes, `FILE`")
	version := flag.String("version", "", "what the linter calls itself, `VERSION`")
	flag.Parse()
	if err := build(*file, *version); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func build(file, version string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := web.Build(ctx, f, version); err != nil {
		return err
	}
	return f.Close()
}
