//go:build js

// Command wasm is the linter as a page's worker calls it: it sets
// perfgoalLint(name, bytes, lang), which promises {json, html}, and
// perfgoalAnnotate(name, bytes, lang), which promises {copy, extension}.
package main

import (
	"bytes"
	"context"
	"fmt"
	"runtime/debug"
	"syscall/js"

	"perfgoal/cmd"
	"perfgoal/model"
)

func main() {
	// A worker lives for one file, so that little garbage is worth collecting
	// before a browser's memory gets scarce.
	debug.SetGCPercent(800)
	debug.SetMemoryLimit(512 << 20)
	offer("perfgoalLint", func(name string, data []byte, lang model.Lang) (map[string]any, error) {
		var json, html bytes.Buffer
		if err := cmd.Lint(context.Background(), lang, name, data, &json, &html); err != nil {
			return nil, err
		}
		return map[string]any{"json": json.String(), "html": html.String()}, nil
	})
	offer("perfgoalAnnotate", func(name string, data []byte, lang model.Lang) (map[string]any, error) {
		copied, extension, err := cmd.Annotated(context.Background(), lang, name, data)
		if err != nil {
			return nil, err
		}
		to := js.Global().Get("Uint8Array").New(len(copied))
		js.CopyBytesToJS(to, copied)
		return map[string]any{"copy": to, "extension": extension}, nil
	})
	js.Global().Call("perfgoalReady")
	select {} // what is called lives on
}

// offer sets a function of a document that promises a result.
func offer(function string, work func(name string, data []byte, lang model.Lang) (map[string]any, error)) {
	js.Global().Set(function, js.FuncOf(func(_ js.Value, args []js.Value) any {
		name, lang := args[0].String(), model.Lang(args[2].String())
		data := make([]byte, args[1].Length())
		js.CopyBytesToGo(data, args[1])
		return promise(func() (any, error) { return work(name, data, lang) })
	}))
}

// promise runs work beside the worker's own loop, which Go's timers need.
func promise(work func() (any, error)) js.Value {
	var executor js.Func
	executor = js.FuncOf(func(_ js.Value, args []js.Value) any {
		resolve, reject := args[0], args[1]
		go func() {
			defer executor.Release()
			defer func() {
				if fault := recover(); fault != nil {
					reject.Invoke(fmt.Sprint(fault))
				}
			}()
			result, err := work()
			if err != nil {
				reject.Invoke(err.Error())
				return
			}
			resolve.Invoke(js.ValueOf(result))
		}()
		return nil
	})
	return js.Global().Get("Promise").New(executor)
}
