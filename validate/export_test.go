package validate

// InPreview says whether a rule is in preview, for the tests that hold the
// others to the contract.
func InPreview(code string) bool {
	for _, r := range registry() {
		if r.Code == code {
			return r.preview
		}
	}
	return false
}

// HasMender says whether a rule has a function that mends.
func HasMender(code string) bool {
	for _, r := range registry() {
		if r.Code == code {
			return r.mend != nil
		}
	}
	return false
}

// ExampleForm is the form that examples change.
const ExampleForm = exampleForm
