import { defaultRetention, type Retention } from '../../core/config/retention.ts'
import { usageGrains } from '../../core/usage/grains.ts'
import { NOW, type Statement } from '../sql.ts'
import { usageCounts } from './usage-rows.ts'

const DAY_MS = 86_400_000

/** Rows that are removed at once. Writers remove some every few batches: this has to be more than they add meanwhile. */
const PRUNED_AT_ONCE = 4000
/** A batch in so many prunes, the first one included: a serverless instance may write no second. */
const EVERY = 8

/** As set now, read by the database itself: a change holds for every instance's next write. */
const setting = (name: keyof Retention) =>
	`coalesce((SELECT value ->> '$.${name}' FROM settings WHERE key = 'retention'), ${defaultRetention[name]}) * ${DAY_MS}`

const PRUNE_ROWS = `DELETE FROM request_log WHERE seq IN
	(SELECT seq FROM request_log WHERE at < ${NOW} - ${setting('requestDays')} ORDER BY at LIMIT ${PRUNED_AT_ONCE})`

const isOver = ({ minutes, keptMs }: (typeof usageGrains)[number]) => {
	const kept = Number.isFinite(keptMs) ? `min(${keptMs}, ${setting('usageDays')})` : setting('usageDays')
	return `(grain = ${minutes} AND start < ${NOW} - ${kept})`
}
const PRUNE_USAGE = `DELETE FROM usage WHERE ${usageGrains.map(isOver).join(' OR ')}`

/** Longer texts of counts are worth adding up: a sketch of everything between 1 ms and an hour has no more. */
const LONG_COUNTS = 4096

const sumCounts = (
	column: string,
) => `${column} = coalesce((SELECT group_concat('"' || key || '":' || n || ',', '') FROM
	(SELECT key, sum(value) AS n FROM json_each('{' || rtrim(usage.${column}, ',') || '}') GROUP BY key)), '')`

/** Of the rows that are still written to, those whose counts were put together often. */
const SUM_COUNTS = `UPDATE usage SET ${usageCounts.map(sumCounts).join(', ')}
	WHERE grain IN (${usageGrains.map(({ minutes }) => minutes).join(', ')}) AND start > ${NOW} - ${2 * DAY_MS}
		AND length(first_content) + length(total) + length(errors) > ${LONG_COUNTS}`

/** What is too old goes with the writes of what is new: there is no timer, and pages that become free are used again. */
export function createUpkeep(): () => Statement[] {
	let batches = 0
	return () => (batches++ % EVERY === 0 ? [PRUNE_ROWS, PRUNE_USAGE, SUM_COUNTS].map(sql => ({ sql })) : [])
}
