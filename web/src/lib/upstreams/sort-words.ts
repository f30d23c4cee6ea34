import type { Messages } from '../i18n/messages/en/index.ts'
import type { SortEvent } from './sortable.svelte.ts'

/** What a screen reader is told while something is being moved. */
export function describeSort(
	{ kind, place, total }: SortEvent,
	name: string,
	words: Messages['upstreams']['move'],
): string {
	switch (kind) {
		case 'lifted':
			return words.lifted(name, place, total)
		case 'moved':
			return words.moved(name, place, total)
		case 'dropped':
			return words.dropped(name, place, total)
		case 'cancelled':
			return words.cancelled(name, place)
	}
}
