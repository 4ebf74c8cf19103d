// Package lockorder warns of deadlocks that a run could have had and got past: tasks
// that take the same locks in different orders.
//
//	Trace ─▶ order    (what happened before what)
//	      ─▶ nestings (a task took one lock while it held another)
//	             └─▶ circles of nestings ─▶ Warnings
//
// This is the Goodlock algorithm (K. Havelund, "Using Runtime Analysis to Guide Model
// Checking of Java Programs", SPIN 2000) for any number of locks, with gate locks and
// with the order that starting, waking and messages impose (S. Bensalem and K. Havelund,
// "Dynamic Deadlock Analysis of Multi-threaded Programs", HVC 2005): a circle counts
// only if its nestings are of different tasks, share no lock that keeps them apart, and
// none happened before another.
//
// Of read-write locks, two readers keep nobody apart. A lock that was taken by a try
// was not waited for. A mutex that somebody else than its holder has unlocked is
// used as a signal, and left out. Happens-before is the order of one run, taken
// generously: it includes the order in which locks outside the circle were given, as a
// flag that one of them guards may be why a task comes after another. So what such a lock
// orders by chance is not warned of; a warning that is not true would be worse.
package lockorder
