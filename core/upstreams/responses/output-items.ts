import { isRecord } from '../shared/failure.ts'

export type ItemType = 'message' | 'reasoning' | 'function_call' | 'other'

/** One output item while its events arrive. */
export interface OutputItem {
	/** Names the item's call towards the block writer. */
	key: number
	type: ItemType
	id: string
	/** How much of each part has been written, so that the `done` events add only what the deltas left out. */
	written: Map<string, number>
	/** Annotations of each content part that have been read. */
	annotations: Map<number, number>
	/** What a reasoning item shows: some servers send summary and full text, one is enough. */
	shows: 'summary' | 'reasoning' | undefined
	/** A call's arguments that came before its name. */
	early: string
	called: boolean
	done: boolean
}

/**
 * Finds the item an event speaks of. OpenAI names it by `item_id` and `output_index`; some relays change the ids from
 * event to event, others number every item 0, so neither is trusted alone.
 */
export class OutputItems {
	readonly all: OutputItem[] = []
	readonly #byId = new Map<string, OutputItem>()
	readonly #byIndex = new Map<number, OutputItem>()

	/** The item of a delta or `done` event; one that was never announced is made up. */
	of(event: Record<string, unknown>, type: ItemType): OutputItem {
		const id = readText(event.item_id)
		const index = readIndex(event.output_index)
		const candidates = [
			this.#byId.get(id),
			index === undefined ? undefined : this.#byIndex.get(index),
			id === '' && index === undefined ? this.all.findLast(item => item.type === type) : undefined,
		]
		return candidates.find(item => item?.type === type) ?? this.#create(type, id, index)
	}

	/** The item of `output_item.added`: a new one, even under an id that was used before. */
	added(raw: Record<string, unknown>, index?: unknown): OutputItem {
		const known = this.byId(raw)
		return known && !known.done
			? known
			: this.#create(toItemType(raw.type), readText(raw.id), readIndex(index))
	}

	/** The item of `output_item.done`, announced or not. */
	finished(raw: Record<string, unknown>, index: unknown): OutputItem {
		const type = toItemType(raw.type)
		const known = this.byId(raw)
		if (known?.type === type) return known
		const placed = typeof index === 'number' ? this.#byIndex.get(index) : undefined
		return placed?.type === type && !placed.done
			? placed
			: this.#create(type, readText(raw.id), readIndex(index))
	}

	byId(raw: unknown): OutputItem | undefined {
		return isRecord(raw) ? this.#byId.get(readText(raw.id)) : undefined
	}

	#create(type: ItemType, id: string, index: number | undefined): OutputItem {
		const item: OutputItem = {
			key: this.all.length,
			type,
			id,
			written: new Map(),
			annotations: new Map(),
			shows: undefined,
			early: '',
			called: false,
			done: false,
		}
		this.all.push(item)
		if (id !== '') this.#byId.set(id, item)
		if (index !== undefined) this.#byIndex.set(index, item)
		return item
	}
}

export function toItemType(type: unknown): ItemType {
	return type === 'message' || type === 'reasoning' || type === 'function_call' ? type : 'other'
}

export function readText(value: unknown): string {
	return typeof value === 'string' ? value : ''
}

export function readIndex(value: unknown): number | undefined {
	return typeof value === 'number' ? value : undefined
}
