import { reportUsage, type UsageReport, writeUsageCsv } from '../../core/usage/report.ts'
import { chooseRange } from '../../core/usage/time-range.ts'
import { type Config, readUsage } from '../../db/index.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import { commandLine } from '../next-step.ts'
import { usageError } from '../refuse.ts'
import { formatCost, formatCount, formatMs, formatShare, readDuration } from '../requests/units.ts'
import { toOneLine } from '../ui/clean-text.ts'
import { formatTime } from '../ui/format-time.ts'
import { type Cell, formatTable, tableHead } from '../ui/table.ts'
import { measureWidth } from '../ui/text-width.ts'

const kinds = { model: 'models', upstream: 'upstreams', key: 'keys', time: 'time' } as const
type Kind = keyof typeof kinds

export const usage: Command = {
	usage: ['usage [--since <time>] [--by model|upstream|key|time] [--csv]'],
	options: {
		since: { value: 'time', description: 'the last 2h, 24h, 7d …; 7d unless told' },
		by: { value: 'kind', description: 'model, upstream, key or time; model unless told' },
		csv: { description: 'a table for spreadsheets, by time' },
	},
	examples: ['usage', 'usage --since 24h --by upstream', 'usage --since 30d --csv > usage.csv'],
	details: [
		'Costs are reckoned by list prices, or by your own (the setting prices); models without a price are left out.',
		'Cancelled requests, whose client left, count as neither good nor failed.',
	],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const { words, options } = call
	if (words.length > 0) throw usageError('usage takes options only: usage --since 7d --by model')
	const kind = readKind(options.text('by') ?? 'model')
	if (options.has('csv') && options.has('json')) throw usageError('--csv and --json exclude each other')
	const sinceMs = readDuration(options.text('since') ?? '7d', '--since')
	const { database, read } = await call.openSession()
	const config = await read()
	const { now } = config
	const range = chooseRange(now - sinceMs, now, now)
	const reading = await readUsage(database, range)
	const report = reportUsage({ ...reading, range, before: undefined, nameOf: namesOf(config), now })
	if (options.has('csv')) return { data: report, lines: writeUsageCsv(report).trimEnd().split('\r\n') }
	return { data: report, lines: describe(call, report, kind) }
}

function readKind(word: string): Kind {
	if (Object.hasOwn(kinds, word)) return word as Kind
	throw usageError(`--by must be one of ${Object.keys(kinds).join(', ')}`)
}

function namesOf({ upstreams }: Config): (id: string) => string | undefined {
	const names = new Map<string, string>()
	for (const { id, name, keys } of upstreams) {
		names.set(id, name)
		for (const key of keys) names.set(key.id, `${key.mask} (${name})`)
	}
	return id => names.get(id)
}

function describe(call: CommandCall, report: UsageReport, kind: Kind): string[] {
	const { totals, from, to } = report
	const [first, last] = [formatTime(from), formatTime(Math.min(to, report.partialUntil ?? to))]
	if (totals.requests === 0) {
		const longer = commandLine(call, 'usage', '--since', '30d')
		return [
			call.texts.say(`no requests from ${first} to ${last}`),
			call.texts.say(`a longer time: ${longer}`),
		]
	}
	const { style, io } = call
	const faint = style.faint
	const rows = kind === 'time' ? listBuckets(report) : listShares(report, kinds[kind])
	const head = tableHead(call, kind === 'time' ? bucketTitles : [kind.toUpperCase(), ...shareTitles])
	return [
		faint(call.texts.period(first, last)),
		...describeTotals(report, call),
		'',
		...formatTable(alignNumbers([head, ...rows]), io.columns, kind === 'time' ? bucketFits : shareFits),
	]
}

function describeTotals({ totals }: UsageReport, { style, texts: { say } }: CommandCall): string[] {
	const { requests, failed, cancelled, successRate, cacheHitRate, costMicros, unpriced } = totals
	const input = totals.inputTokens + totals.cacheReadTokens + totals.cacheWriteTokens
	const cost = costMicros === null ? '' : `, ${formatCost(costMicros)}`
	const ends = `${formatShare(successRate)} went well, ${failed} failed, ${cancelled} cancelled`
	const [into, out] = [formatCount(input), formatCount(totals.outputTokens)]
	const share = formatShare(cacheHitRate)
	const tokens =
		cacheHitRate === null
			? `${into} tokens in, ${out} out`
			: `${into} tokens in (${share} from the cache), ${out} out`
	return [
		say(`${requests === 1 ? '1 request' : `${requests} requests`}: ${ends}`),
		`${say(tokens)}${cost}`,
		...(unpriced === 0
			? []
			: [
					style.caution(
						say(
							unpriced === 1
								? '1 request is not in the cost: its model has no price'
								: `${unpriced} requests are not in the cost: their models have no price`,
						),
					),
				]),
	]
}

/** The last of numbers is never cut: half of one is another one. */
const shareFits = [{ least: 16 }, undefined, { leaves: 1 }, undefined, {}]

const shareTitles = ['REQUESTS', 'FAILED', 'TOKENS', 'COST']

function listShares({ top }: UsageReport, kind: 'models' | 'upstreams' | 'keys'): Cell[][] {
	return top[kind].map(share => [
		{ text: toOneLine(share.name) },
		{ text: String(share.requests) },
		{ text: String(share.failed) },
		{ text: formatCount(share.tokens) },
		{ text: formatCost(share.costMicros) },
	])
}

const bucketTitles = [
	'FROM',
	'REQUESTS',
	'FAILED',
	'IN',
	'OUT',
	'COST',
	'FIRST P50',
	'P95',
	'TIME P50',
	'P95',
]

/** The slow ends leave first, then the waits. */
const bucketFits = [
	...[undefined, undefined, { leaves: 5 }, undefined, undefined, { leaves: 6 }],
	...[{ leaves: 3 }, { leaves: 1 }, { leaves: 4 }, { leaves: 2 }],
]

function listBuckets({ buckets }: UsageReport): Cell[][] {
	return buckets.map(bucket => [
		{ text: formatTime(bucket.at) },
		{ text: String(bucket.requests) },
		{ text: String(bucket.failed) },
		{ text: formatCount(bucket.inputTokens + bucket.cacheReadTokens + bucket.cacheWriteTokens) },
		{ text: formatCount(bucket.outputTokens) },
		{ text: formatCost(bucket.costMicros) },
		...[bucket.firstContent?.p50, bucket.firstContent?.p95, bucket.total?.p50, bucket.total?.p95].map(ms => ({
			text: formatMs(ms ?? null),
		})),
	])
}

/** All columns but the first are numbers, whose ends stand below each other. */
function alignNumbers(rows: readonly (readonly Cell[])[]): Cell[][] {
	const widths = (rows[0] ?? []).map((_, index) =>
		Math.max(...rows.map(row => measureWidth(row[index]?.text ?? ''))),
	)
	return rows.map(row =>
		row.map((cell, index) =>
			index === 0
				? cell
				: { ...cell, text: ' '.repeat((widths[index] ?? 0) - measureWidth(cell.text)) + cell.text },
		),
	)
}
