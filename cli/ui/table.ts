import type { CommandCall } from '../command.ts'
import { type Fit, fitColumns, gap } from './fit-columns.ts'
import { clipText, measureWidth, padText, wrapText } from './text-width.ts'

export interface Cell {
	text: string
	/** Stays behind the text where that is cut. */
	tail?: string
	paint?: ((text: string) => string) | undefined
	/** Not to be wrapped: a command that somebody wants to copy. */
	whole?: boolean
}

/** Titles of columns, in the language of the reader. */
export function tableHead(
	{ style, texts }: Pick<CommandCall, 'style' | 'texts'>,
	titles: readonly string[],
): Cell[] {
	return titles.map(title => ({ text: texts.label(title), paint: style.faint }))
}

/** The last column may always be cut, but not to less than says something. */
const lastFit: Fit = { least: 12 }

/**
 * Rows in aligned columns. When they are wider than `columns`, the last column gives way, and the others as `fits` says,
 * by their place.
 */
export function formatTable(
	rows: readonly (readonly Cell[])[],
	columns?: number,
	fits: readonly (Fit | undefined)[] = [],
): string[] {
	const natural: number[] = []
	for (const row of rows) {
		row.forEach((cell, index) => {
			natural[index] = Math.max(natural[index] ?? 0, measureWidth(cell.text + (cell.tail ?? '')))
		})
	}
	const all = natural.map((_, index) => fits[index] ?? (index === natural.length - 1 ? lastFit : undefined))
	const widths = columns === undefined ? natural : fitColumns(natural, all, columns)
	const last = natural.length - 1
	const wraps = all[last]?.wraps === true
	return rows
		.flatMap(row => (wraps ? wrapRow(row, last, widths[last]) : [row]))
		.map(row => formatRow(row, widths, wraps))
}

/** What the last cell has no room for stands below it. */
function wrapRow(row: readonly Cell[], last: number, width: number | undefined): Cell[][] {
	const cell = row[last]
	if (cell === undefined || cell.whole || width === undefined) return [[...row]]
	const empty = row.slice(0, last).map(() => ({ text: '' }))
	return wrapText(cell.text, width).map((text, index) => [
		...(index === 0 ? row.slice(0, last) : empty),
		{ ...cell, text },
	])
}

function formatRow(row: readonly Cell[], widths: readonly (number | undefined)[], wraps: boolean): string {
	const shown = row.flatMap((cell, index) => {
		const width = widths[index]
		return width === undefined ? [] : [{ cell, width }]
	})
	const last = shown.length - 1
	return shown
		.map(({ cell, width }, index) =>
			formatCell(cell, wraps && index === last ? undefined : width, index === last),
		)
		.join('')
}

/** Without a width it stays whole: a word that is longer than its column may be a URL that somebody wants to copy. */
function formatCell({ text, tail = '', paint }: Cell, width: number | undefined, isLast: boolean): string {
	const clipped = (width === undefined ? text : clipText(text, width - measureWidth(tail))) + tail
	const painted = paint && clipped !== '' ? paint(clipped) : clipped
	return isLast || width === undefined ? painted : padText(painted, width + gap)
}
