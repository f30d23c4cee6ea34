/** Where something can go in a list by a button. */
export type Step = 'up' | 'down' | 'top' | 'bottom'

/** The ids with one of them at another place, from 0; the same list where that changes nothing. */
export function moveTo(ids: readonly string[], id: string, place: number): readonly string[] {
	const from = ids.indexOf(id)
	const to = Math.min(Math.max(place, 0), ids.length - 1)
	if (from === -1 || from === to) return ids
	const rest = ids.filter(other => other !== id)
	return [...rest.slice(0, to), id, ...rest.slice(to)]
}

export function moveBy(ids: readonly string[], id: string, step: Step): readonly string[] {
	const from = ids.indexOf(id)
	const places = { up: from - 1, down: from + 1, top: 0, bottom: ids.length - 1 }
	return moveTo(ids, id, places[step])
}

/** Sorted as the ids say; what they do not name keeps its order behind. */
export function inOrder<Item extends { id: string }>(
	items: readonly Item[],
	ids: readonly string[],
): readonly Item[] {
	const places = new Map(ids.map((id, place) => [id, place]))
	const placeOf = (item: Item) => places.get(item.id) ?? ids.length
	return items.toSorted((one, other) => placeOf(one) - placeOf(other))
}
