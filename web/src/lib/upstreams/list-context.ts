import { createContext } from 'svelte'
import type { UpstreamView } from '../../../../core/views/upstream-view.ts'
import type { UpstreamTraffic } from '../live/status.ts'
import type { Step } from './move.ts'
import type { Sortable } from './sortable.svelte.ts'
import type { UpstreamActions } from './upstream-actions.ts'

/** Places on the page that links lead to. */
export const listId = 'upstreams'
export const cardId = (id: string) => `upstream-${id}`

/** What cards and rows share. */
export interface UpstreamList {
	readonly actions: UpstreamActions
	readonly sortable: Sortable
	/** False while filtered or sorted by something else. */
	readonly canSort: boolean
	readonly total: number
	trafficOf(id: string): UpstreamTraffic | undefined
	/** Median of 24 hours, in ms; undefined where nothing was answered or it is not known. */
	firstContentOf(id: string): number | undefined
	isOpen(id: string): boolean
	toggle(id: string): void
	step(upstream: UpstreamView, step: Step): void
	/** Asks first. */
	remove(upstream: UpstreamView): void
	/** Whose menu is open, by the keyboard or by its button. */
	menuOf: string | undefined
	go(path: string): void
}

export const [useUpstreamList, provideUpstreamList] = createContext<UpstreamList>()
