package model

// Change is a cell that reads differently in a copy.
type Change struct {
	Rules    []string // codes of those whose findings it mends
	Form     int      // 1-based
	Project  string
	Field    string // the first of the fields that it mends
	Location Location
	Before   string // its lines parted by \n
	After    string
	// Joined is set where what was put in reaches over pieces of different
	// style, and took the first one's.
	Joined bool
}

// Unmended is a finding of a rule that mends, which was left as it is.
type Unmended struct {
	Rule     string
	Form     int // 1-based
	Project  string
	Location Location
	Text     string
	Why      Message
}

// Mended is what came of mending one document.
type Mended struct {
	Path    string
	Format  string
	Status  Status
	Error   *Problem
	Changes []Change
	Left    []Unmended
	// Copy is the file with the changes, nil where there is none: nothing to
	// change, or a format whose changes are only listed.
	Copy []byte
	// Target is where the copy was written, "" where it was not.
	Target string
}
