//go:build (!amd64 || purego) && !noocr && !js

package ocr

// quick is false: there are no fast kernels for this processor.
const quick = false

func tileFast(int, *float32, int, *float32, *float32, int) {}

func swishFast(*float32, int, float32, float32) {}

func slideFast(_, _ []float32, _ int, _ []float32, _, _ int) {}
