import type { RequestView } from '../../core/views/request-view.ts'
import type { CliTexts } from '../texts/index.ts'
import { toOneLine } from '../ui/clean-text.ts'
import { type Fit, fitColumns, gap } from '../ui/fit-columns.ts'
import { formatWhen } from '../ui/format-time.ts'
import type { Style } from '../ui/style.ts'
import { clipText, measureWidth, padText } from '../ui/text-width.ts'
import { formatCost, formatCount, formatMs } from './units.ts'

export interface LineOptions {
	style: Style
	texts: CliTexts
	/** Width to fit into; undefined: as wide as it is. */
	columns: number | undefined
	/** With the request's id instead of what went wrong. */
	ids: boolean
}

type Paint = ((text: string) => string) | undefined

interface Column extends Fit {
	title: string
	width: number
	/** Right-aligned. */
	number?: true
	read(request: RequestView, speaker: Pick<LineOptions, 'style' | 'texts'>): { text: string; paint?: Paint }
}

const whenIn = (columns: number | undefined): Column => ({
	...{ title: 'WHEN', width: formatWhen(0, columns).length, leaves: 8 },
	read: ({ at }, { style }) => ({ text: formatWhen(at, columns), paint: style.faint }),
})

/** Widths are fixed: lines come one after the other, and what comes later must stand below. */
const others: readonly Column[] = [
	{ title: 'RESULT', width: 14, read: describeResult },
	{
		...{ title: 'UPSTREAM', width: 16, least: 12, leaves: 5 },
		read: ({ upstreamName }) => ({ text: toOneLine(upstreamName ?? '–') }),
	},
	{
		...{ title: 'MODEL', width: 26, least: 14, leaves: 7 },
		read: request => ({ text: toOneLine(request.upstreamModel || request.model) }),
	},
	{
		...{ title: 'FIRST', width: 8, number: true, leaves: 2 },
		read: ({ firstContentMs }) => ({ text: formatMs(firstContentMs) }),
	},
	{
		...{ title: 'TIME', width: 9, number: true, leaves: 6 },
		read: ({ totalMs }) => ({ text: formatMs(totalMs) }),
	},
	{
		...{ title: 'IN', width: 6, number: true, leaves: 3 },
		read: ({ usage }) => ({ text: usage ? countInput(usage) : '–' }),
	},
	{
		...{ title: 'OUT', width: 6, number: true, leaves: 4 },
		read: ({ usage }) => ({ text: usage ? formatCount(usage.outputTokens) : '–' }),
	},
	{
		...{ title: 'COST', width: 8, number: true, leaves: 1 },
		read: ({ costMicros }) => ({ text: formatCost(costMicros) }),
	},
]

/** The columns that there is room for beside the last one, with the widths that they get. */
function chooseColumns({ columns: room, ids }: LineOptions): readonly Column[] {
	const all = [whenIn(room), ...others]
	if (room === undefined) return all
	const last = { width: ids ? idWidth : leastRemark(room) }
	const widths = fitColumns(
		[...all, last].map(({ width }) => width),
		all,
		room,
	)
	return all.flatMap((column, index) => {
		const width = widths[index]
		return width === undefined ? [] : [{ ...column, width }]
	})
}

const idWidth = 36
const leastRemark = (room: number) => Math.max(14, Math.floor(room / 4))

const countInput = ({ inputTokens, cacheReadTokens, cacheWriteTokens }: NonNullable<RequestView['usage']>) =>
	formatCount(inputTokens + cacheReadTokens + cacheWriteTokens)

export function formatHead(options: LineOptions): string {
	const columns = chooseColumns(options)
	const { label } = options.texts
	const titles = columns.map(column => align(column, label(column.title)))
	return options.style.faint(joinCells([...titles, label(options.ids ? 'ID' : 'REMARK')], columns, options))
}

export function formatRequest(request: RequestView, options: LineOptions): string {
	const columns = chooseColumns(options)
	const cells = columns.map(column => {
		const { text, paint } = column.read(request, options)
		const shown = align(column, text)
		return paint ? paint(shown) : shown
	})
	return joinCells(
		[...cells, options.ids ? request.id : describeRemark(request, options.texts)],
		columns,
		options,
	)
}

function align({ width, number }: Column, text: string): string {
	const clipped = clipText(text, width)
	return number ? ' '.repeat(Math.max(0, width - measureWidth(clipped))) + clipped : padText(clipped, width)
}

/** The last cell gives way; an id never does, since half of one is of no use. */
function joinCells(cells: string[], columns: readonly Column[], { columns: room, ids }: LineOptions): string {
	const last = cells.at(-1) ?? ''
	const before = columns.reduce((sum, { width }) => sum + width + gap, 0)
	const clipped =
		room === undefined || ids ? last : clipText(last, Math.max(leastRemark(room), room - before))
	return [...cells.slice(0, -1), clipped].join(' '.repeat(gap)).trimEnd()
}

export function describeResult(
	{ outcome, status, class: failure }: Pick<RequestView, 'outcome' | 'status' | 'class'>,
	{ style, texts }: Pick<LineOptions, 'style' | 'texts'>,
): { text: string; paint?: Paint } {
	if (outcome === 'ok') return { text: texts.outcomes.ok, paint: style.good }
	if (outcome === 'cancelled') return { text: texts.outcomes.cancelled, paint: style.faint }
	return { text: `${status} ${texts.outcome(failure ?? outcome)}`, paint: style.bad }
}

/** What is worth a word: what went wrong, or what was not as usual. */
function describeRemark(
	{ errorMessage, attempts, notes, toolCalls, source }: RequestView,
	{ say, list }: CliTexts,
): string {
	const remarks = [
		...(attempts > 1 ? [say(`${attempts} attempts`)] : []),
		...(toolCalls > 0 ? [say(toolCalls === 1 ? '1 tool call' : `${toolCalls} tool calls`)] : []),
		...(notes > 0 ? [say(notes === 1 ? '1 note' : `${notes} notes`)] : []),
		...(source === 'client' ? [] : [source]),
		...(errorMessage === '' ? [] : [toOneLine(errorMessage)]),
	]
	return list(remarks)
}
