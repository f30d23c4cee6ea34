/** Rows of a long table that are drawn: those in view and some around them, so that the page stays fast. */
export interface VisibleRows {
	first: number
	/** One behind the last. */
	end: number
	/** Heights of what is left out above and below. */
	above: number
	below: number
}

/** Below that number all are drawn, and the browser's own search finds every one. */
const drawnInFull = 200
const around = 15

export function findVisibleRows(
	count: number,
	rowHeight: number,
	view: { top: number; height: number },
): VisibleRows {
	if (count <= drawnInFull) return { first: 0, end: count, above: 0, below: 0 }
	const first = Math.min(Math.max(0, Math.floor(view.top / rowHeight) - around), count - 1)
	const end = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + around)
	// An even first row keeps whatever alternates between rows in place.
	const even = first - (first % 2)
	return { first: even, end, above: even * rowHeight, below: (count - end) * rowHeight }
}
