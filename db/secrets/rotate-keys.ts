import type { Database } from '../client.ts'
import type { SqlValue } from '../sql.ts'
import type { KeyRing } from './key-ring.ts'
import {
	type Resealed,
	type SealedEntry,
	type SealedHolder,
	type SealedPlace,
	sealedPlaces,
} from './sealed-places.ts'

export interface RotationOptions {
	/** Counts, and changes nothing. */
	dryRun?: boolean
	onProgress?(done: number, total: number): void
}

export interface RotationReport {
	/** Id of the key that everything is sealed with now. */
	keyId: string
	/** Sealed texts that were under another key; how many of them are sealed anew, or would be. */
	places: { name: string; found: number; resealed: number }[]
	/** Not opened by any key of the ring: left as they are. */
	lost: LostKey[]
	/** Nothing is left that an older key of the ring is needed for. */
	complete: boolean
}

export interface LostKey {
	place: string
	id: string
	mask: string
	/** Id of the key that would open it. */
	sealedWith: string
}

/** Rounds over all places: what an instance with the old ring stores meanwhile is found by the next one. */
const MAX_ROUNDS = 5

/**
 * Seals everything anew that is not sealed with the ring's first key. Each row is replaced only if it is still as it
 * was read, and says by itself whether it is done: stopping at any moment loses nothing, calling again goes on.
 */
export async function rotateKeys(
	database: Database,
	keyRing: KeyRing,
	options: RotationOptions = {},
): Promise<RotationReport> {
	const { currentId: keyId } = keyRing
	const totals = await Promise.all(sealedPlaces.map(place => place.count(database, keyId)))
	const rotation = new Rotation(
		database,
		keyRing,
		options,
		totals.reduce((sum, count) => sum + count, 0),
	)
	let left = 0
	for (let round = 1; round <= (options.dryRun ? 1 : MAX_ROUNDS); round++) {
		left = 0
		let changed = 0
		for (const place of sealedPlaces) {
			const walked = await rotation.walk(place)
			changed += walked.changed
			left += walked.missed
		}
		if (changed === 0 && left === 0) break
	}
	const places = sealedPlaces.map(({ name }, index) => {
		return { name, found: totals[index] ?? 0, resealed: rotation.resealed.get(name) ?? 0 }
	})
	const lost = [...rotation.lost.values()]
	return { keyId, places, lost, complete: !options.dryRun && left === 0 && lost.length === 0 }
}

class Rotation {
	readonly lost = new Map<string, LostKey>()
	/** By place. */
	readonly resealed = new Map<string, number>()
	readonly #database: Database
	readonly #keyRing: KeyRing
	readonly #options: RotationOptions
	readonly #total: number
	/** A key is in many revisions: sealed once, it has the same text in all of them. */
	readonly #fresh = new Map<string, Resealed | undefined>()

	constructor(database: Database, keyRing: KeyRing, options: RotationOptions, total: number) {
		this.#database = database
		this.#keyRing = keyRing
		this.#options = options
		this.#total = total
	}

	/** Goes once over a place, a page at a time. */
	async walk(place: SealedPlace): Promise<{ changed: number; missed: number }> {
		const walked = { changed: 0, missed: 0 }
		let after: SqlValue | undefined
		for (;;) {
			const holders = await place.read(this.#database, this.#keyRing.currentId, after)
			if (holders.length === 0) return walked
			after = holders.at(-1)?.cursor
			const work = holders
				.map(holder => ({ holder, changes: this.#reseal(place, holder) }))
				.filter(({ changes }) => changes.size > 0)
			const done = this.#options.dryRun ? work.map(() => true) : await this.#write(work)
			work.forEach(({ changes }, index) => {
				if (done[index]) this.#count(place, changes.size)
				walked[done[index] ? 'changed' : 'missed'] += changes.size
			})
			this.#options.onProgress?.(this.#doneCount(), this.#total)
		}
	}

	/** Which of the rows were still as they had been read. */
	async #write(work: { holder: SealedHolder; changes: Map<SealedEntry, Resealed> }[]): Promise<boolean[]> {
		if (work.length === 0) return []
		const answers = await this.#database.batch(work.map(({ holder, changes }) => holder.replace(changes)))
		return answers.map(rows => rows.length > 0)
	}

	#reseal(place: SealedPlace, { entries }: SealedHolder): Map<SealedEntry, Resealed> {
		const changes = new Map<SealedEntry, Resealed>()
		for (const entry of entries) {
			if (this.#keyRing.isCurrent(entry.sealed)) continue
			const fresh = this.#freshOf(entry)
			if (fresh !== undefined) changes.set(entry, fresh)
			// Bodies that nothing opens are of no use to anybody, and go by themselves when their time is over.
			else if (!entry.once) this.#addLost(place, entry)
		}
		return changes
	}

	#freshOf({ rowId, sealed, once }: SealedEntry): Resealed | undefined {
		if (once) {
			const bytes = this.#keyRing.openBytes(sealed, rowId)
			return bytes && { sealed: this.#keyRing.sealBytes(bytes, rowId), fingerprint: '' }
		}
		const known = `${rowId} ${sealed}`
		if (!this.#fresh.has(known)) {
			const secret = this.#keyRing.open(sealed, rowId)
			const fresh = secret === undefined ? undefined : this.#seal(secret, rowId)
			this.#fresh.set(known, fresh)
		}
		return this.#fresh.get(known)
	}

	#seal(secret: string, rowId: string): Resealed {
		return { sealed: this.#keyRing.seal(secret, rowId), fingerprint: this.#keyRing.fingerprint(secret) }
	}

	#addLost({ name }: SealedPlace, { rowId, mask, sealed }: SealedEntry): void {
		const sealedWith = sealed.split('.')[1] ?? ''
		this.lost.set(`${name} ${rowId}`, { place: name, id: rowId, mask, sealedWith })
	}

	#count({ name }: SealedPlace, count: number): void {
		this.resealed.set(name, (this.resealed.get(name) ?? 0) + count)
	}

	#doneCount(): number {
		return [...this.resealed.values()].reduce((sum, count) => sum + count, 0)
	}
}
