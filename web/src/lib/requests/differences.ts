/** A place in a body, from the root: `tools.3.input_schema`, as notes write it. */
export type Path = string

export interface Mark {
	/** `removed` on the left, `added` on the right: it is on that side alone. */
	kind: 'changed' | 'removed' | 'added' | 'moved'
	/** Of the note that says why; the first is 0. */
	note?: number
}

export interface Differences {
	left: ReadonlyMap<Path, Mark>
	right: ReadonlyMap<Path, Mark>
}

/** Larger bodies are shown without marks: comparing them would hold up the page. */
const mostNodes = 30_000

/**
 * What two bodies do not have in common, place by place. A part that is missing on one side as a whole is one
 * difference; a value that stands elsewhere on the other side has moved.
 */
export function compareBodies(
	left: unknown,
	right: unknown,
	notes: readonly { field: string }[] = [],
): Differences {
	const marks = { left: new Map<Path, Mark>(), right: new Map<Path, Mark>() }
	if (left === undefined || right === undefined) return marks
	const [leftValues, rightValues] = [collectValues(left), collectValues(right)]
	if (leftValues === undefined || rightValues === undefined) return marks
	walk(
		left,
		right,
		{ left: '', right: '' },
		{
			both: path => {
				marks.left.set(path.left, { kind: 'changed' })
				marks.right.set(path.right, { kind: 'changed' })
			},
			left: (path, value) => marks.left.set(path, { kind: isIn(value, rightValues) ? 'moved' : 'removed' }),
			right: (path, value) => marks.right.set(path, { kind: isIn(value, leftValues) ? 'moved' : 'added' }),
		},
	)
	for (const side of [marks.left, marks.right]) linkNotes(side, notes)
	return marks
}

interface Place {
	left: Path
	right: Path
}

interface Found {
	both: (place: Place) => void
	left: (path: Path, value: unknown) => void
	right: (path: Path, value: unknown) => void
}

type Tree = Readonly<Record<string, unknown>>
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null
export const joinPath = (path: Path, name: string | number): Path =>
	path === '' ? `${name}` : `${path}.${name}`

function walk(left: unknown, right: unknown, place: Place, found: Found): void {
	if (left === right) return
	if (Array.isArray(left) && Array.isArray(right)) return walkLists(left, right, place, found)
	const alike = isTree(left) && isTree(right) && Array.isArray(left) === Array.isArray(right)
	// A text in place of a list that holds it, and the like: both sides are said to differ.
	if (!alike) return found.both(place)
	for (const name of Object.keys(left)) {
		const inside = { left: joinPath(place.left, name), right: joinPath(place.right, name) }
		if (name in right) walk(left[name], right[name], inside, found)
		else found.left(inside.left, left[name])
	}
	for (const name of Object.keys(right)) {
		if (!(name in left)) found.right(joinPath(place.right, name), right[name])
	}
}

/** What a conversion puts in front, such as the system prompt, does not make all that follows different. */
function walkLists(left: readonly unknown[], right: readonly unknown[], place: Place, found: Found): void {
	const pairs = pairUp(left, right)
	for (const [index, value] of left.entries()) {
		const other = pairs.get(index)
		const path = joinPath(place.left, index)
		if (other === undefined) found.left(path, value)
		else walk(value, right[other], { left: path, right: joinPath(place.right, other) }, found)
	}
	const paired = new Set(pairs.values())
	for (const [index, value] of right.entries()) {
		if (!paired.has(index)) found.right(joinPath(place.right, index), value)
	}
}

/** Which item of the one list is which of the other: those of the same place where the lists are as long. */
function pairUp(left: readonly unknown[], right: readonly unknown[]): Map<number, number> {
	if (left.length === right.length) return new Map(left.map((_, index) => [index, index] as const))
	const pairs = new Map<number, number>()
	const values = right.map(item => collectValues(item) ?? new Set<string>())
	let from = 0
	for (const [index, item] of left.entries()) {
		const other = values.findIndex((known, place) => place >= from && isIn(item, known))
		if (other === -1) continue
		pairs.set(index, other)
		from = other + 1
	}
	return pairs
}

/** Values long enough to be recognised somewhere else; undefined when there are too many to look at. */
function collectValues(body: unknown): Set<string> | undefined {
	const values = new Set<string>()
	const open: unknown[] = [body]
	for (let count = 0; open.length > 0; count++) {
		if (count > mostNodes) return undefined
		const value = open.pop()
		if (isTree(value)) open.push(...Object.values(value))
		else if (isTelling(value)) values.add(value)
	}
	return values
}

const isTelling = (value: unknown): value is string => typeof value === 'string' && value.length >= 8

/** Whether all that a part says stands on the other side, wherever that is. */
function isIn(value: unknown, others: ReadonlySet<string>): boolean {
	const open: unknown[] = [value]
	let telling = 0
	while (open.length > 0) {
		const part = open.pop()
		if (isTree(part)) open.push(...Object.values(part))
		else if (isTelling(part)) {
			if (!others.has(part)) return false
			telling++
		}
	}
	return telling > 0
}

/** A note belongs to the mark at its place, or above it, or to the first below. */
function linkNotes(marks: Map<Path, Mark>, notes: readonly { field: string }[]): void {
	for (const [index, { field }] of notes.entries()) {
		const path = field.replace(/\[(\d+)\]/g, '.$1')
		const place = [...marks.keys()].find(
			marked => marked === path || path.startsWith(`${marked}.`) || marked.startsWith(`${path}.`),
		)
		const mark = place === undefined ? undefined : marks.get(place)
		if (place !== undefined && mark) marks.set(place, { note: index, ...mark })
	}
}

/** Whether something inside a closed part is marked: so that it can be found. */
export const hasMarkInside = (marks: ReadonlyMap<Path, Mark>, path: Path) =>
	path === '' ? marks.size > 0 : [...marks.keys()].some(marked => marked.startsWith(`${path}.`))
