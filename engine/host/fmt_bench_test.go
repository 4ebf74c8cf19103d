package host

import "testing"

// What the first cell of a session waits for that prints a struct: the library
// from source, and its initialisation.
func BenchmarkFirstPrint(b *testing.B) {
	a := archive(b)
	for b.Loop() {
		s := openWith(b, a)
		if got := s.run(b, `fmt.Printf("%v", struct{ A int }{1})`); got[:3] != "{1}" {
			b.Fatal(got)
		}
	}
}

// A line of basic values, and a struct through the interpreted fmt.
func BenchmarkPrintln(b *testing.B) { benchmarkCell(b, `fmt.Println("line", i, 2.5, true)`) }
func BenchmarkStruct(b *testing.B)  { benchmarkCell(b, `fmt.Printf("%v %+v\n", T{i, 2}, &T{3, i})`) }

func benchmarkCell(b *testing.B, line string) {
	s := open(b)
	s.run(b, "type T struct{ X, Y int }\nn := 10000")
	for b.Loop() {
		s.values(b, "for i := range n { "+line+" }")
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10000, "ns/line")
}
