import type { Config, ConfigUpstream, Traffic, UpstreamPulse } from '../db/index.ts'
import { describeUpstream, formatState, formatWait, paintState, sayReason } from './describe-state.ts'
import type { CliTexts } from './texts/index.ts'
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

interface Speaker {
	style: Style
	texts: CliTexts
}

interface Column extends Fit {
	head: keyof CliTexts['status']['heads']
	cell(row: Row, speaker: Speaker, now: number): Cell
}

/** The columns, and how they give way where a terminal is narrow. */
const columns: readonly Column[] = [
	{ head: 'index', leaves: 3, cell: ({ index }) => ({ text: String(index) }) },
	{
		head: 'upstream',
		least: 12,
		cell: ({ name, current }, { style }) => ({
			text: name,
			...(current && { tail: ' ●', paint: style.strong }),
		}),
	},
	{ head: 'type', leaves: 1, cell: ({ type }) => ({ text: type }) },
	{
		head: 'keys',
		cell: ({ keys }, { texts }) => ({
			text: keys.cooling > 0 ? texts.status.keys(keys.total, keys.cooling) : String(keys.total),
		}),
	},
	{
		head: 'state',
		cell: (row, { style, texts }) => ({
			text: row.state === 'current' ? texts.status.current : formatState(row, texts),
			paint: paintState(style, row),
		}),
	},
	{
		head: 'latency',
		leaves: 4,
		cell: ({ latencyMs }) => ({ text: latencyMs === null ? '-' : `${latencyMs} ms` }),
	},
	{ head: 'requests', leaves: 2, cell: ({ day }) => ({ text: day.requests.toLocaleString('en') }) },
	{ head: 'ok', cell: ({ day }) => ({ text: formatShare(day.okShare) }) },
	{
		head: 'lastError',
		leaves: 5,
		cell: ({ lastError }, { style, texts }, now) => ({
			text: lastError === null ? '-' : describeError(lastError, now, texts),
			...(lastError !== null && { paint: style.caution }),
		}),
	},
]

export function formatStatus(view: StatusView, speaker: Speaker, width: number | undefined): string[] {
	const { style, texts } = speaker
	const head = columns.map(column => ({ text: texts.status.heads[column.head], paint: style.faint }))
	const rows = view.upstreams.map(row => columns.map(column => column.cell(row, speaker, view.at)))
	const fits = columns.map(column =>
		column.head === 'lastError' ? { ...column, least: texts.status.leastError } : column,
	)
	return [...formatTable([head, ...rows], width, fits), '', ...describeRest(view, speaker, width)]
}

function describeRest(
	{ strategy, database, upstreams }: StatusView,
	{ style, texts: { status } }: Speaker,
	width = Number.POSITIVE_INFINITY,
): string[] {
	const cooling = upstreams.reduce((sum, { keys }) => sum + keys.cooling, 0)
	const parts = [
		status.strategy(strategy),
		status.database(database.label, database.latencyMs),
		...(cooling > 0 ? [status.cooling(cooling)] : []),
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

function describeError(
	{ outcome, status, at }: NonNullable<Row['lastError']>,
	now: number,
	texts: CliTexts,
): string {
	const kind = sayReason(outcome.replace('_', ' '), texts)
	const what = status > 0 ? `${kind} ${status}` : kind
	return toOneLine(texts.status.ago(what, formatWait(Math.max(1000, now - at))))
}

function countCooling({ keys }: ConfigUpstream, now: number): number {
	return keys.filter(
		({ enabled, state }) => enabled && state.some(({ cooldownUntil }) => cooldownUntil > now),
	).length
}
