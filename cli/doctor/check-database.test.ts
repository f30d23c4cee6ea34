import { expect, test } from 'vitest'
import { judgeLocking } from './check-database.ts'

const locking = { journalMode: 'wal', busyTimeoutMs: 250, patienceMs: 10_000 }

test.each([
	[{}, 'ok', /250 ms at a time, 10 s in all/],
	[{ busyTimeoutMs: 0 }, 'warn', /waited for 0 ms at a time/],
	[{ busyTimeoutMs: 99 }, 'warn', /waited for 99 ms/],
	[{ busyTimeoutMs: 100 }, 'ok', /100 ms/],
	[{ journalMode: 'delete' }, 'warn', /journal mode delete instead of wal/],
	[{ journalMode: 'truncate', busyTimeoutMs: 0 }, 'warn', /truncate/],
])('a file whose processes wait so: %j', (more, level, text) => {
	expect(judgeLocking({ ...locking, ...more })).toMatchObject({
		...{ area: 'database', level },
		text: expect.stringMatching(text),
	})
})
