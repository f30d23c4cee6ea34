import { clipText, measureWidth, padText } from './text-width.ts'

export interface Cell {
	text: string
	paint?: ((text: string) => string) | undefined
}

const gap = 2

/** Rows in aligned columns; when they are wider than `columns`, the last column gives way. */
export function formatTable(rows: readonly (readonly Cell[])[], columns?: number): string[] {
	const widths: number[] = []
	for (const row of rows) {
		row.forEach((cell, index) => {
			widths[index] = Math.max(widths[index] ?? 0, measureWidth(cell.text))
		})
	}
	const before = widths.slice(0, -1).reduce((sum, width) => sum + width + gap, 0)
	const room = columns === undefined ? Number.POSITIVE_INFINITY : Math.max(12, columns - before)
	return rows.map(row => row.map((cell, index) => formatCell(cell, index, row.length, widths, room)).join(''))
}

function formatCell(
	cell: Cell,
	index: number,
	count: number,
	widths: readonly number[],
	room: number,
): string {
	const isLast = index === count - 1
	const text = isLast ? clipText(cell.text, room) : cell.text
	const painted = cell.paint ? cell.paint(text) : text
	return isLast ? painted : padText(painted, (widths[index] ?? 0) + gap)
}
