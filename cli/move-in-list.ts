import type { CommandCall } from './command.ts'
import type { OptionSpecs } from './parse-options.ts'
import { usageError } from './refuse.ts'

export const moveOptions: OptionSpecs = {
	top: { description: 'move: to the first place' },
	bottom: { description: 'move: to the last place' },
	up: { description: 'move: one place forward' },
	down: { description: 'move: one place back' },
	to: { value: 'number', description: 'move: to this place, counted from 0' },
}

const directions = ['top', 'bottom', 'up', 'down', 'to'] as const

/** The list with one entry at the place that the options name. */
export function moveInList(ids: readonly string[], id: string, { options }: CommandCall): string[] {
	const [direction, ...others] = directions.filter(name => options.has(name))
	if (direction === undefined || others.length > 0) {
		throw usageError('move needs one of --top, --bottom, --up, --down, --to <number>')
	}
	const from = ids.indexOf(id)
	const places = {
		top: 0,
		bottom: ids.length - 1,
		up: from - 1,
		down: from + 1,
		to: readPlace(options.text('to')),
	}
	const to = Math.min(Math.max(places[direction], 0), ids.length - 1)
	return ids.toSpliced(from, 1).toSpliced(to, 0, id)
}

function readPlace(text = '0'): number {
	if (/^\d{1,6}$/.test(text)) return Number(text)
	throw usageError('--to must be a number from the list')
}
