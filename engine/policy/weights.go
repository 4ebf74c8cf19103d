package policy

// weightOf is the weight of a nice value: 1024 for 0, and about 1.25 times as much for
// each step down, so that one step is worth about 10 % of a core between two tasks. The
// table is Linux's (kernel/sched/core.c, sched_prio_to_weight). Nice values beyond -20
// and 19 count as these.
func weightOf(nice int) int64 {
	return [...]int64{
		88761, 71755, 56483, 46273, 36291,
		29154, 23254, 18705, 14949, 11916,
		9548, 7620, 6100, 4904, 3906,
		3121, 2501, 1991, 1586, 1277,
		1024, 820, 655, 526, 423,
		335, 272, 215, 172, 137,
		110, 87, 70, 56, 45,
		36, 29, 23, 18, 15,
	}[min(max(nice, -20), 19)+20]
}
