package draw

// Drawing is a picture in the forms that front ends show.
type Drawing struct {
	// HTML is a fragment whose base survives a sanitizer: tables, details, images
	// with alt and inline styles. A script at its end improves it where it may run.
	HTML string
	// Text is for terminals and for those who listen: lines of at most 100 columns
	// unless what is drawn asks for more, with a newline at the end.
	Text string
	// Alt says in a sentence or a few what is to be seen, as a teacher would.
	Alt string
}
