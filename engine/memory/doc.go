// Package memory says what an access to memory costs on a machine with caches: the time
// that its core stands still, and where the data came from.
//
//	         core 0           core 1
//	access ─▶ L1               L1       private, write-back, least recently used goes
//	          L2               L2       private, holds what its L1 holds
//	           └──────┬─────────┘       MESI: one core may write a line, or many may read it
//	                  L3                shared, holds what all L2 hold
//	                  │  bus            one line at a time, first come first served
//	                memory
//
// It is a model that can be computed by hand, not a processor: a core waits for each
// access, one after another; there are no store buffers and no TLB, and code is always there.
// Two things of real ones it has because without them nothing would look right: a core that
// reads lines in a row finds the next one on its way (a stream prefetcher), so that such
// reads cost the bus's time only; and evicted lines that were written go back over the
// bus.
//
// Sources: caches and inclusion, Hennessy and Patterson, Computer Architecture, appendix
// B and §5.2; MESI, Papamarcos and Patel 1984; streams, Jouppi 1990; true and false
// sharing, Dubois, Skeppstedt, Ricciulli, Ramamurthy and Stenström 1993; the bus as the
// bound of a computation, Williams, Waterman and Patterson, Roofline, 2009.
//
// A System is data: it has no clock, calls nobody and starts nothing.
package memory
