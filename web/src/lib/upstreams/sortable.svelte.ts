import { tick } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import { moveTo } from './move.ts'

export interface SortEvent {
	kind: 'lifted' | 'moved' | 'dropped' | 'cancelled'
	id: string
	/** From 1. */
	place: number
	total: number
}

interface SortableOptions {
	ids: () => readonly string[]
	/** The new order, once per drop that changed something. */
	onsort: (ids: readonly string[], id: string) => void
	/** For a live region. */
	onevent: (event: SortEvent) => void
}

const dragThreshold = 4
const scrollEdge = 64

/**
 * A list that is sorted by its handles: with the pointer, or with Space, arrows, Space; Escape gives up. Items carry
 * `data-sort-item={id}` and stand in an element with `data-sort-list`.
 */
export class Sortable {
	/** What is being moved. */
	active: string | undefined = $state()
	#preview: readonly string[] | undefined = $state.raw()
	#options: SortableOptions
	#moving = false

	constructor(options: SortableOptions) {
		this.#options = options
	}

	get order(): readonly string[] {
		return this.#preview ?? this.#options.ids()
	}

	/** For the handle of an item, a button: `{@attach sortable.handle(id)}`. */
	handle(id: string): Attachment<HTMLElement> {
		return element => {
			const onpointerdown = (event: PointerEvent) => {
				if (event.button === 0) this.#watchPointer(event, id, element)
			}
			const onkeydown = (event: KeyboardEvent) => this.#press(event, id, element)
			const onblur = () => {
				if (this.active === id && !this.#moving && !this.#pointer) this.#finish('cancelled')
			}
			element.addEventListener('pointerdown', onpointerdown)
			element.addEventListener('keydown', onkeydown)
			element.addEventListener('blur', onblur)
			return () => {
				element.removeEventListener('pointerdown', onpointerdown)
				element.removeEventListener('keydown', onkeydown)
				element.removeEventListener('blur', onblur)
			}
		}
	}

	#pointer = false

	#watchPointer(start: PointerEvent, id: string, element: HTMLElement): void {
		let over: string | undefined
		const list = element.closest('[data-sort-list]')
		const onmove = (event: PointerEvent) => {
			if (!this.#pointer) {
				if (Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < dragThreshold) return
				this.#pointer = true
				this.#lift(id)
			}
			scrollNearEdge(event.clientY)
			const found = findItem(event, list)
			// An item that has made way is not asked again before the pointer has left it: no to and fro.
			if (found !== over && found !== undefined && found !== id) this.#moveTo(id, this.order.indexOf(found))
			over = found
		}
		const end = (kind: 'dropped' | 'cancelled') => {
			window.removeEventListener('pointermove', onmove)
			window.removeEventListener('pointerup', ondrop)
			window.removeEventListener('pointercancel', oncancel)
			window.removeEventListener('keydown', onkeydown, true)
			if (this.#pointer) this.#finish(kind)
			this.#pointer = false
		}
		const ondrop = () => end('dropped')
		const oncancel = () => end('cancelled')
		const onkeydown = (event: KeyboardEvent) => {
			if (event.key !== 'Escape') return
			event.stopPropagation()
			oncancel()
		}
		window.addEventListener('pointermove', onmove)
		window.addEventListener('pointerup', ondrop)
		window.addEventListener('pointercancel', oncancel)
		window.addEventListener('keydown', onkeydown, true)
	}

	#press(event: KeyboardEvent, id: string, element: HTMLElement): void {
		const lifted = this.active === id
		const steps: Record<string, number> = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }
		const step = steps[event.key]
		const place = this.order.indexOf(id)
		if (event.key === ' ' || event.key === 'Enter') {
			if (lifted) void this.#keepFocus(element, () => this.#finish('dropped'))
			else this.#lift(id)
		} else if (!lifted) return
		else if (event.key === 'Escape') void this.#keepFocus(element, () => this.#finish('cancelled'))
		else if (event.key === 'Home') void this.#keepFocus(element, () => this.#moveTo(id, 0))
		else if (event.key === 'End') void this.#keepFocus(element, () => this.#moveTo(id, this.order.length - 1))
		else if (step !== undefined) void this.#keepFocus(element, () => this.#moveTo(id, place + step))
		else return
		event.preventDefault()
		event.stopPropagation()
	}

	/** An element loses the focus when it moves in the document. */
	async #keepFocus(element: HTMLElement, move: () => void): Promise<void> {
		this.#moving = true
		move()
		await tick()
		element.focus()
		element.scrollIntoView({ block: 'nearest' })
		this.#moving = false
	}

	#lift(id: string): void {
		this.active = id
		this.#preview = [...this.#options.ids()]
		this.#tell('lifted', id)
	}

	#moveTo(id: string, place: number): void {
		const before = this.order
		this.#preview = moveTo(before, id, place)
		if (this.#preview !== before) this.#tell('moved', id)
	}

	#finish(kind: 'dropped' | 'cancelled'): void {
		const id = this.active
		const order = this.order
		this.active = undefined
		this.#preview = undefined
		if (id === undefined) return
		const before = this.#options.ids()
		const changed = order.some((other, place) => other !== before[place])
		const place = (kind === 'dropped' ? order : before).indexOf(id) + 1
		this.#options.onevent({ kind, id, place, total: before.length })
		if (kind === 'dropped' && changed) this.#options.onsort(order, id)
	}

	#tell(kind: SortEvent['kind'], id: string): void {
		const { order } = this
		this.#options.onevent({ kind, id, place: order.indexOf(id) + 1, total: order.length })
	}
}

function findItem(event: PointerEvent, list: Element | null): string | undefined {
	for (const element of document.elementsFromPoint(event.clientX, event.clientY)) {
		const item = element.closest<HTMLElement>('[data-sort-item]')
		if (item && item.closest('[data-sort-list]') === list) return item.dataset.sortItem
	}
	return undefined
}

function scrollNearEdge(y: number): void {
	if (y < scrollEdge) window.scrollBy(0, -12)
	else if (y > window.innerHeight - scrollEdge) window.scrollBy(0, 12)
}
