/** A place in a body, from the root: `tools.3.input_schema`, as notes write it. */
export type Path = string

export interface Mark {
	kind: 'changed' | 'only' | 'moved'
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
	walk(left, right, '', {
		both: path => {
			marks.left.set(path, { kind: 'changed' })
			marks.right.set(path, { kind: 'changed' })
		},
		left: (path, value) => marks.left.set(path, { kind: isIn(value, rightValues) ? 'moved' : 'only' }),
		right: (path, value) => marks.right.set(path, { kind: isIn(value, leftValues) ? 'moved' : 'only' }),
	})
	for (const side of [marks.left, marks.right]) linkNotes(side, notes)
	return marks
}

interface Found {
	both: (path: Path) => void
	left: (path: Path, value: unknown) => void
	right: (path: Path, value: unknown) => void
}

type Tree = Readonly<Record<string, unknown>>
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null
export const joinPath = (path: Path, name: string): Path => (path === '' ? name : `${path}.${name}`)

function walk(left: unknown, right: unknown, path: Path, found: Found): void {
	if (left === right) return
	const alike = isTree(left) && isTree(right) && Array.isArray(left) === Array.isArray(right)
	if (!alike) {
		// A text in place of a list that holds it, and the like: both sides are said to differ.
		if (JSON.stringify(left) !== JSON.stringify(right)) found.both(path)
		return
	}
	for (const name of Object.keys(left)) {
		const inside = joinPath(path, name)
		if (name in right) walk(left[name], right[name], inside, found)
		else found.left(inside, left[name])
	}
	for (const name of Object.keys(right)) {
		if (!(name in left)) found.right(joinPath(path, name), right[name])
	}
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
