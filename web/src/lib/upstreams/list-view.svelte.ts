import { SvelteSet } from 'svelte/reactivity'
import { readStored, writeStored } from '../storage.ts'
import { type Sorting, sortings } from './find.ts'

export const shapes = ['cards', 'list'] as const
export type Shape = (typeof shapes)[number]

const storageKey = 'claude-proxy.upstreams-view'
const pageSize = 12
/** Letters are shown at once; the list follows when the next is not yet typed. */
const filterWaitMs = 80
const urlWaitMs = 300
/** More opened ones than these are not kept in the URL. */
const openedInUrl = 10

/** How the list of upstreams is looked at. The URL holds it: `?q=kimi&sort=name&view=list&keys=up_1`. */
export class ListView {
	#query = $state('')
	/** The query that the list goes by. */
	applied = $state('')
	#applyTimer: ReturnType<typeof setTimeout> | undefined
	#sorting: Sorting = $state('manual')
	#shape: Shape = $state('cards')
	/** How many are drawn. */
	limit = $state(pageSize)
	/** Whose keys are shown. */
	readonly opened = new SvelteSet<string>()
	#url: URL
	#go: (url: string) => void
	#timer: ReturnType<typeof setTimeout> | undefined

	constructor(url: URL, go: (url: string) => void) {
		this.#url = url
		this.#go = go
		const { searchParams } = url
		this.#query = searchParams.get('q') ?? ''
		this.applied = this.#query
		this.#sorting = sortings.find(sorting => sorting === searchParams.get('sort')) ?? 'manual'
		const shape = searchParams.get('view') ?? readStored(storageKey)
		this.#shape = shapes.find(candidate => candidate === shape) ?? 'cards'
		for (const id of (searchParams.get('keys') ?? '').split('.').filter(Boolean)) this.opened.add(id)
	}

	get query(): string {
		return this.#query
	}

	set query(query: string) {
		this.#query = query
		clearTimeout(this.#applyTimer)
		this.#applyTimer = setTimeout(() => {
			this.applied = this.#query
			this.limit = pageSize
			this.keep()
		}, filterWaitMs)
	}

	/** At once. */
	clearQuery(): void {
		this.query = ''
		this.applied = ''
	}

	get sorting(): Sorting {
		return this.#sorting
	}

	set sorting(sorting: Sorting) {
		this.#sorting = sorting
		this.keep()
	}

	get shape(): Shape {
		return this.#shape
	}

	set shape(shape: Shape) {
		this.#shape = shape
		writeStored(storageKey, shape)
		this.keep()
	}

	toggle(id: string): void {
		if (!this.opened.delete(id)) this.opened.add(id)
		this.keep()
	}

	show(id: string): void {
		this.opened.add(id)
		this.keep()
	}

	openAll(ids: readonly string[]): void {
		for (const id of ids) this.opened.add(id)
		this.keep()
	}

	closeAll(): void {
		this.opened.clear()
		this.keep()
	}

	extend(): void {
		this.limit += pageSize
	}

	/** Draws at least up to a place. */
	reveal(place: number): void {
		while (this.limit <= place) this.extend()
	}

	/** In the URL, a moment later: nobody wants one per letter. */
	keep(): void {
		clearTimeout(this.#timer)
		this.#timer = setTimeout(() => {
			// The page may have been left meanwhile.
			const { pathname, search } = location
			const wanted = this.#toUrl()
			if (pathname === this.#url.pathname && `${pathname}${search}` !== wanted) this.#go(wanted)
		}, urlWaitMs)
	}

	#toUrl(): string {
		const keys = [...this.opened]
		const values = {
			q: this.#query.trim(),
			sort: this.#sorting === 'manual' ? '' : this.#sorting,
			view: this.#shape === 'cards' ? '' : this.#shape,
			keys: keys.length > openedInUrl ? '' : keys.join('.'),
		}
		const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== ''))
		return `${this.#url.pathname}${query.size > 0 ? `?${query}` : ''}`
	}
}
