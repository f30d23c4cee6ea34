/** How a column gives way where a terminal is narrow; one without either stays as it is. */
export interface Fit {
	/** It may be cut to this width. */
	least?: number
	/** The last one may go on in further lines rather than be cut. */
	wraps?: true
	/** Columns with a number leave, the lowest first, when cutting is not enough. */
	leaves?: number
}

export const gap = 2

/** The width that each column gets; undefined for one that leaves. */
export function fitColumns(
	widths: readonly number[],
	fits: readonly (Fit | undefined)[],
	room: number,
): (number | undefined)[] {
	const least = widths.map((width, index) => Math.min(width, fits[index]?.least ?? width))
	const stays = widths.map(() => true)
	const measure = (sizes: readonly number[]) =>
		sizes.reduce((sum, size, index) => (stays[index] ? sum + size + gap : sum), -gap)
	for (const index of listLeaving(fits)) {
		if (measure(least) <= room) break
		stays[index] = false
	}
	const shown = widths.map((width, index) => (stays[index] ? width : undefined))
	for (let excess = measure(widths) - room; excess > 0; excess--) {
		const index = findWidest(shown, least, fits)
		if (index < 0) break
		shown[index] = (shown[index] ?? 0) - 1
	}
	return shown
}

function listLeaving(fits: readonly (Fit | undefined)[]): number[] {
	return fits
		.map((fit, index) => ({ index, leaves: fit?.leaves }))
		.filter(({ leaves }) => leaves !== undefined)
		.sort((one, other) => (one.leaves ?? 0) - (other.leaves ?? 0))
		.map(({ index }) => index)
}

/** Of those that can still be cut; first of those that could leave, since they matter less. */
function findWidest(
	shown: readonly (number | undefined)[],
	least: readonly number[],
	fits: readonly (Fit | undefined)[],
): number {
	const cut = shown
		.map((width = 0, index) => ({ width, index, leaves: fits[index]?.leaves !== undefined }))
		.filter(({ width, index }) => width > (least[index] ?? 0))
		.sort((one, other) => Number(other.leaves) - Number(one.leaves) || other.width - one.width)
	return cut[0]?.index ?? -1
}
