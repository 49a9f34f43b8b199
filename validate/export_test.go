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
