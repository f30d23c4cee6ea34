import type { Config, ConfigUpstream, Traffic, UpstreamPulse } from '../db/index.ts'
import { describeUpstream, formatState, formatWait, paintState } from './describe-state.ts'
import { toOneLine } from './ui/clean-text.ts'
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
			const { requests = 0, failed = 0 } = seen ?? {}
			const pulse = pulses.find(({ upstreamId }) => upstreamId === upstream.id)
			return {
				...{ index, id: upstream.id, name: upstream.name, type: upstream.type },
				current: upstream.id === currentUpstreamId,
				...describeUpstream(upstream, config),
				keys: { total: upstream.keys.length, cooling: countCooling(upstream, config.now) },
				latencyMs: pulse?.latencyMs ?? null,
				day: { requests, failed, okShare: requests === 0 ? null : (requests - failed) / requests },
				lastError: pulse?.lastError ?? null,
			}
		}),
	}
}

export type StatusView = ReturnType<typeof viewStatus>
type Row = StatusView['upstreams'][number]

/** The columns, and in which order they give way where a terminal is narrow; those without a number stay. */
const columns: readonly { head: string; leaves?: number; cell(row: Row, style: Style, now: number): Cell }[] =
	[
		{ head: '#', leaves: 3, cell: ({ index }) => ({ text: String(index) }) },
		{
			head: 'UPSTREAM',
			cell: ({ name, current }, style) => ({
				text: current ? `${name} ●` : name,
				...(current && { paint: style.strong }),
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
			leaves: 5,
			cell: ({ lastError }, style, now) => ({
				text: lastError === null ? '-' : describeError(lastError, now),
				...(lastError !== null && { paint: style.caution }),
			}),
		},
	]

/** A table that fits; a column that does not goes before any is cut short. */
export function formatStatus(view: StatusView, style: Style, width: number | undefined): string[] {
	const left = columns
		.map(({ leaves }) => leaves)
		.filter(leaves => leaves !== undefined)
		.sort((one, other) => one - other)
	let shown = columns
	for (const number of left) {
		if (width === undefined || measureColumns(view, shown) <= width) break
		shown = shown.filter(({ leaves }) => leaves !== number)
	}
	const head = shown.map(column => ({ text: column.head, paint: style.faint }))
	const rows = view.upstreams.map(row => shown.map(column => column.cell(row, style, view.at)))
	return [...formatTable([head, ...rows], width), '', ...describeRest(view, style)]
}

const gap = 2
/** The last error may be cut to this. */
const shortestError = 16

function measureColumns(view: StatusView, shown: typeof columns): number {
	const plain = { ...noStyle }
	const widths = shown.map(({ head, cell }) => {
		const texts = view.upstreams.map(row => cell(row, plain, view.at).text)
		const widest = Math.max(...[head, ...texts].map(measureWidth))
		return head === 'LAST ERROR' ? Math.min(widest, shortestError) : widest
	})
	return widths.reduce((sum, width) => sum + width, 0) + gap * (shown.length - 1)
}

const plainly = (text: string) => text
const noStyle: Style = {
	...{ strong: plainly, faint: plainly, good: plainly, caution: plainly, bad: plainly, command: plainly },
}

function describeRest({ strategy, database, upstreams }: StatusView, style: Style): string[] {
	const cooling = upstreams.reduce((sum, { keys }) => sum + keys.cooling, 0)
	const parts = [
		`strategy ${strategy}`,
		`db ${database.label} ${database.latencyMs} ms`,
		...(cooling > 0 ? [cooling === 1 ? '1 key cooling' : `${cooling} keys cooling`] : []),
	]
	return [style.faint(parts.join(' · '))]
}

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
