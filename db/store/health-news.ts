import type { Database } from '../client.ts'
import {
	demotionStatements,
	failureStatements,
	probeEndStatements,
	probeStartStatements,
	successStatements,
} from '../repositories/key-health.ts'
import { rememberStatements } from '../repositories/learned-facts.ts'
import type { Statement } from '../sql.ts'
import type { HealthNews } from './snapshot-state.ts'
import type { StoreClock } from './system-clock.ts'
import { createWriteBehind, type WriteBehind } from './write-behind.ts'

/** News about keys on their way into the database, and as long as a check may not have seen them there. */
export interface HealthLedger {
	readonly writer: WriteBehind<HealthNews>
	add(item: HealthNews): void
	/** What a check that was sent at `sentAt` may not show: unwritten then, or written after it. */
	unseenSince(sentAt: number): void
	items(): HealthNews[]
}

const NEWS_LIMIT = 1000
const NEWS_PER_BATCH = 50

export function createHealthLedger(options: {
	database: Database
	clock: StoreClock
	defer?: (work: Promise<unknown>) => void
}): HealthLedger {
	const { clock } = options
	let entries: { item: HealthNews; settledAt: number | undefined }[] = []
	const writer = createWriteBehind<HealthNews>({
		...options,
		...{ limit: NEWS_LIMIT, batchSize: NEWS_PER_BATCH, delayMs: 0 },
		toStatements: items => items.flatMap(item => toStatements(item, clock.elapsed() - item.elapsed)),
		onSettled(items) {
			const settled = new Set(items)
			for (const entry of entries) if (settled.has(entry.item)) entry.settledAt = clock.elapsed()
		},
	})
	return {
		writer,
		add(item) {
			entries.push({ item, settledAt: undefined })
			// Only an outage lets it grow: the oldest, which the writer gave up, are forgotten here too.
			if (entries.length > 2 * NEWS_LIMIT) entries = entries.slice(-NEWS_LIMIT)
			writer.add(item)
		},
		unseenSince(sentAt) {
			entries = entries.filter(entry => entry.settledAt === undefined || entry.settledAt >= sentAt)
		},
		items: () => entries.map(entry => entry.item),
	}
}

function toStatements(item: HealthNews, delayMs: number): Statement[] {
	switch (item.kind) {
		case 'failed':
			return failureStatements(item.failure, delayMs)
		case 'succeeded':
			return successStatements(item.success, delayMs)
		case 'probe-started':
			return probeStartStatements(item.probe, delayMs)
		case 'probe-ended':
			return probeEndStatements(item.probe)
		case 'demoted':
			return demotionStatements(item.demotion, delayMs)
		case 'learned':
			return rememberStatements(item.learned, delayMs)
	}
}
