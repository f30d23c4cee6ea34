import { possibleEscapes } from '../../core/keys/find-secrets.ts'
import { maskKey, writeQuoted } from '../../core/keys/mask.ts'

/** Takes secrets out of log lines, whatever put them there. */
export interface SecretScrubber {
	scrub(line: string): string
	/** What must never be logged; asked again when `version` is another value. */
	watch(source: { version(): unknown; list(): Iterable<string> }): void
}

/** Keys of well-known vendors are recognised even when nobody told us of them. */
const vendorKey =
	/^(?:sk-[\w-]{16,}|AIza[\w-]{20,}|gsk_\w{16,}|nvapi-[\w-]{16,}|xai-\w{16,}|whsec_[\w-]{16,}|ya29[\w-]{20,}|eyJ[\w-]{40,})$/

/** Words of a line that may be a secret: split where most keys are not. */
const words = /[A-Za-z0-9_-]{8,}/g
const isWord = (text: string) => /^[A-Za-z0-9_-]{8,}$/.test(text)

/** Shorter ones would take harmless text with them. */
const shortest = 6

/**
 * A scrubber costs one pass over a line: each word is looked up in a set. Secrets that are no plain word, which are few,
 * are searched for one by one.
 */
export function createSecretScrubber(): SecretScrubber {
	const sources: { version(): unknown; list(): Iterable<string>; seen: unknown; known: string[] }[] = []
	let plain = new Set<string>()
	let odd: ReadonlyMap<string, string> = new Map()

	function update(): void {
		let changed = false
		for (const source of sources) {
			const version = source.version()
			if (source.known.length > 0 && version === source.seen) continue
			source.seen = version
			source.known = [...source.list()].filter(secret => secret.length >= shortest)
			changed = true
		}
		if (!changed) return
		const all = sources.flatMap(({ known }) => known)
		plain = new Set(all.filter(isWord))
		odd = new Map(all.filter(secret => !isWord(secret)).flatMap(secret => [...writeQuoted(secret)]))
	}

	return {
		watch(source) {
			sources.push({ ...source, seen: undefined, known: [] })
		},
		scrub(line) {
			update()
			let text = line
			for (const [secret, shown] of odd) if (text.includes(secret)) text = text.replaceAll(secret, shown)
			const isSecret = (word: string) => plain.has(word) || vendorKey.test(word)
			return text.replace(words, (whole, start, line) => {
				for (const skipped of possibleEscapes(line, start)) {
					const word = whole.slice(skipped)
					if (isSecret(word)) return whole.slice(0, skipped) + maskKey(word)
				}
				return whole
			})
		},
	}
}
