// Package metrics computes what textbooks on CPU scheduling measure.
//
//	trace ─▶ Of ─▶ Metrics: a row for each task, averages, cores, fairness
//
// It is a pure function of a trace, and as exact as the trace is: sums are whole
// nanoseconds, and an average keeps its sum and its number.
//
// The words are those of Silberschatz, Galvin, Gagne, Operating System Concepts
// (10th edition), section 5.2, and of Arpaci-Dusseau, Operating Systems: Three Easy
// Pieces (OSTEP), chapter 7:
//
//	turnaround  from a task's arrival to its end                (5.2; OSTEP 7.3)
//	response    from its arrival to the first time that it runs (OSTEP 7.6)
//	waiting     the time that it was ready and had no core      (5.2)
//	throughput  tasks that ended, by time                       (5.2)
//
// Waiting is not turnaround without the burst where a task does I/O or waits for
// others: those times are counted by themselves. The response time in Silberschatz's
// words, until the first answer is produced, cannot be seen in a trace; OSTEP's can.
//
// # Which tasks count
//
// All of the program's own that began in the run, also those that have not ended, have a
// row. Averages are over those whose whole life is in the trace. The main goroutine,
// where it started others, has a row and is left out of the averages: it mostly waits
// for the others, and no textbook has it.
package metrics
