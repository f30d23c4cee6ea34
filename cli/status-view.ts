import type { Config, ConfigUpstream, Traffic, UpstreamPulse } from '../db/index.ts'
import { describeUpstream, formatState, formatWait, paintState } from './describe-state.ts'
import { toOneLine } from './ui/clean-text.ts'
import type { Fit } from './ui/fit-columns.ts'
import type { Style } from './ui/style.ts'
import { type Cell, formatTable } from './ui/table.ts'
import { measureWidth } from './ui/text-width.ts'

export interface StatusSources {
	config: Config
	traffic: Traffic
	pulses: readonly UpstreamPulse[]
	database: { label: string; latencyMs: number }
}

/** What `status --json` prints. */
export function viewStatus({ config, traffic, pulses, database }: StatusSources) {
	const { revision, strategy, currentUpstreamId = null } = config
	return {
		...{ revision, strategy, currentUpstreamId, at: config.now },
		database,
		upstreams: config.upstreams.map((upstream, index) => {
			const seen = traffic.upstreams.find(({ upstreamId }) => upstreamId === upstream.id)
			const { requests = 0, failed = 0, cancelled = 0 } = seen ?? {}
			const ended = requests - cancelled
			const pulse = pulses.find(({ upstreamId }) => upstreamId === upstream.id)
			return {
				...{ index, id: upstream.id, name: upstream.name, type: upstream.type },
				current: upstream.id === currentUpstreamId,
				...describeUpstream(upstream, config),
				keys: { total: upstream.keys.length, cooling: countCooling(upstream, config.now) },
				latencyMs: pulse?.latencyMs ?? null,
				day: { requests, failed, cancelled, okShare: ended === 0 ? null : (ended - failed) / ended },
				lastError: pulse?.lastError ?? null,
			}
		}),
	}
}

export type StatusView = ReturnType<typeof viewStatus>
type Row = StatusView['upstreams'][number]

interface Column extends Fit {
	head: string
	cell(row: Row, style: Style, now: number): Cell
}

/** The columns, and how they give way where a terminal is narrow. */
const columns: readonly Column[] = [
	{ head: '#', leaves: 3, cell: ({ index }) => ({ text: String(index) }) },
	{
		head: 'UPSTREAM',
		least: 12,
		cell: ({ name, current }, style) => ({
			text: name,
			...(current && { tail: ' ●', paint: style.strong }),
		}),
	},
	{ head: 'TYPE', leaves: 1, cell: ({ type }) => ({ text: type }) },
	{
		head: 'KEYS',
		cell: ({ keys }) => ({
			text: keys.cooling > 0 ? `${keys.total} (${keys.cooling} cooling)` : String(keys.total),
		}),
	},
	{
		head: 'STATE',
		cell: (row, style) => ({
			text: row.state === 'current' ? 'current' : formatState(row),
			paint: paintState(style, row),
		}),
	},
	{
		head: 'LATENCY',
		leaves: 4,
		cell: ({ latencyMs }) => ({ text: latencyMs === null ? '-' : `${latencyMs} ms` }),
	},
	{ head: '24H REQ', leaves: 2, cell: ({ day }) => ({ text: day.requests.toLocaleString('en') }) },
	{ head: 'OK', cell: ({ day }) => ({ text: formatShare(day.okShare) }) },
	{
		head: 'LAST ERROR',
		...{ leaves: 5, least: 16 },
		cell: ({ lastError }, style, now) => ({
			text: lastError === null ? '-' : describeError(lastError, now),
			...(lastError !== null && { paint: style.caution }),
		}),
	},
]

export function formatStatus(view: StatusView, style: Style, width: number | undefined): string[] {
	const head = columns.map(column => ({ text: column.head, paint: style.faint }))
	const rows = view.upstreams.map(row => columns.map(column => column.cell(row, style, view.at)))
	return [...formatTable([head, ...rows], width, columns), '', ...describeRest(view, style, width)]
}

function describeRest(
	{ strategy, database, upstreams }: StatusView,
	style: Style,
	width = Number.POSITIVE_INFINITY,
): string[] {
	const cooling = upstreams.reduce((sum, { keys }) => sum + keys.cooling, 0)
	const parts = [
		`strategy ${strategy}`,
		`db ${database.label} ${database.latencyMs} ms`,
		...(cooling > 0 ? [cooling === 1 ? '1 key cooling' : `${cooling} keys cooling`] : []),
	]
	const line = parts.join(separator)
	return (measureWidth(line) <= width ? [line] : parts).map(style.faint)
}

const separator = ' · '

function formatShare(share: number | null): string {
	if (share === null) return '-'
	// 99.96 % must not read as 100.
	const percent = Math.floor(share * 1000) / 10
	return `${percent === 100 ? '100' : percent.toFixed(1)}%`
}

function describeError({ outcome, status, at }: NonNullable<Row['lastError']>, now: number): string {
	return toOneLine(
		`${outcome.replace('_', ' ')} ${status > 0 ? `${status}, ` : ''}${formatWait(Math.max(1000, now - at))} ago`,
	)
}

function countCooling({ keys }: ConfigUpstream, now: number): number {
	return keys.filter(
		({ enabled, state }) => enabled && state.some(({ cooldownUntil }) => cooldownUntil > now),
	).length
}
