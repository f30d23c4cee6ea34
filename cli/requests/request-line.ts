import type { RequestView } from '../../core/views/request-view.ts'
import { toOneLine } from '../ui/clean-text.ts'
import { formatTime } from '../ui/format-time.ts'
import type { Style } from '../ui/style.ts'
import { clipText, padText } from '../ui/text-width.ts'
import { formatCost, formatCount, formatMs } from './units.ts'

export interface LineOptions {
	style: Style
	/** Width to fit into; undefined: as wide as it is. */
	columns: number | undefined
	/** With the request's id instead of what went wrong. */
	ids: boolean
}

type Paint = ((text: string) => string) | undefined

interface Column {
	title: string
	width: number
	/** Right-aligned. */
	number?: true
	read(request: RequestView, options: LineOptions): { text: string; paint?: Paint }
}

/** Widths are fixed: lines come one after the other, and what comes later must stand below. */
const columns: readonly Column[] = [
	{ title: 'WHEN', width: 19, read: ({ at }, { style }) => ({ text: formatTime(at), paint: style.faint }) },
	{ title: 'RESULT', width: 14, read: (request, { style }) => describeResult(request, style) },
	{ title: 'UPSTREAM', width: 16, read: ({ upstreamName }) => ({ text: toOneLine(upstreamName ?? '–') }) },
	{
		title: 'MODEL',
		width: 26,
		read: request => ({ text: toOneLine(request.upstreamModel || request.model) }),
	},
	{
		title: 'FIRST',
		width: 8,
		number: true,
		read: ({ firstContentMs }) => ({ text: formatMs(firstContentMs) }),
	},
	{ title: 'TIME', width: 9, number: true, read: ({ totalMs }) => ({ text: formatMs(totalMs) }) },
	{ title: 'IN', width: 6, number: true, read: ({ usage }) => ({ text: usage ? countInput(usage) : '–' }) },
	{
		title: 'OUT',
		width: 6,
		number: true,
		read: ({ usage }) => ({ text: usage ? formatCount(usage.outputTokens) : '–' }),
	},
	{ title: 'COST', width: 8, number: true, read: ({ costMicros }) => ({ text: formatCost(costMicros) }) },
]

const countInput = ({ inputTokens, cacheReadTokens, cacheWriteTokens }: NonNullable<RequestView['usage']>) =>
	formatCount(inputTokens + cacheReadTokens + cacheWriteTokens)

export function formatHead(options: LineOptions): string {
	const titles = columns.map(column => align(column, column.title))
	return joinCells([...titles, options.ids ? 'ID' : 'REMARK'], options, options.style.faint)
}

export function formatRequest(request: RequestView, options: LineOptions): string {
	const cells = columns.map(column => {
		const { text, paint } = column.read(request, options)
		const shown = align(column, text)
		return paint ? paint(shown) : shown
	})
	return joinCells([...cells, options.ids ? request.id : describeRemark(request)], options)
}

function align({ width, number }: Column, text: string): string {
	const clipped = clipText(text, width)
	return number ? clipped.padStart(width) : padText(clipped, width)
}

/** The last cell gives way; an id never does, since half of one is of no use. */
function joinCells(cells: string[], { columns: room, ids }: LineOptions, paint: Paint = undefined): string {
	const last = cells.at(-1) ?? ''
	const before = columns.reduce((sum, { width }) => sum + width + 2, 0)
	const clipped = room === undefined || ids ? last : clipText(last, Math.max(12, room - before))
	const line = [...cells.slice(0, -1), clipped].join('  ').trimEnd()
	return paint ? paint(line) : line
}

export function describeResult(
	{ outcome, status, class: failure }: Pick<RequestView, 'outcome' | 'status' | 'class'>,
	style: Style,
): { text: string; paint?: Paint } {
	if (outcome === 'ok') return { text: 'ok', paint: style.good }
	if (outcome === 'cancelled') return { text: 'cancelled', paint: style.faint }
	return { text: `${status} ${failure ?? outcome}`, paint: style.bad }
}

/** What is worth a word: what went wrong, or what was not as usual. */
function describeRemark({ errorMessage, attempts, notes, toolCalls, source }: RequestView): string {
	const remarks = [
		...(attempts > 1 ? [`${attempts} attempts`] : []),
		...(toolCalls > 0 ? [`${toolCalls} tool call${toolCalls === 1 ? '' : 's'}`] : []),
		...(notes > 0 ? [`${notes} note${notes === 1 ? '' : 's'}`] : []),
		...(source === 'client' ? [] : [source]),
		...(errorMessage === '' ? [] : [toOneLine(errorMessage)]),
	]
	return remarks.join(', ')
}
