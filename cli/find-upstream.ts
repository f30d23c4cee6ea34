import type { Config, ConfigUpstream } from '../db/index.ts'
import { findNearest } from './nearest.ts'
import { quoteWord } from './redact.ts'
import { notFoundError, programMark } from './refuse.ts'

/**
 * The upstream that a word means: its name (case and Unicode form do not matter), its id, its number in `list`, or the
 * beginning of one name only. A number is all digits, so that `4o-main` is never number 4, and digits are never taken
 * for a beginning, so that `use 4` never means `4o-main`.
 * `exact` leaves out beginnings of names: a repeated `remove test` must not take `test-2` with it.
 * @throws CliError not-found
 */
export function findUpstream(
	config: Config,
	word: string,
	options: { exact?: boolean } = {},
): ConfigUpstream {
	const { upstreams } = config
	const wanted = toComparable(word)
	const same = upstreams.find(({ name, id }) => toComparable(name) === wanted || id === word)
	if (same !== undefined) return same
	if (/^\d+$/.test(word)) {
		const numbered = upstreams[Number(word)]
		if (numbered === undefined) throw describeMiss(config, word, [])
		return numbered
	}
	const begun = wanted === '' ? [] : upstreams.filter(({ name }) => toComparable(name).startsWith(wanted))
	if (begun.length === 1 && !options.exact) return begun[0]!
	throw describeMiss(config, word, begun)
}

function describeMiss({ upstreams }: Config, word: string, begun: readonly ConfigUpstream[]): Error {
	if (upstreams.length === 0) {
		return notFoundError('there are no upstreams yet', `add one: ${programMark} add <name> <type> <url>`)
	}
	if (begun.length > 1) {
		return notFoundError(
			`${quoteWord(word)} begins several names`,
			`write one of them out: ${listNames(begun)}`,
		)
	}
	const miss = `there is no upstream ${quoteWord(word)}`
	if (/^\d+$/.test(word)) {
		return notFoundError(miss, `numbers go from 0 to ${upstreams.length - 1}: ${programMark} list`)
	}
	const names = upstreams.map(({ name }) => name)
	const nearest = begun[0]?.name ?? findNearest(word, names)
	return notFoundError(
		miss,
		nearest === undefined ? `there is: ${listNames(upstreams)}` : `did you mean ${nearest}?`,
	)
}

function listNames(upstreams: readonly ConfigUpstream[]): string {
	const names = upstreams.slice(0, 8).map(({ name }) => name)
	return upstreams.length > names.length ? `${names.join(', ')}, …` : names.join(', ')
}

function toComparable(name: string): string {
	return name.trim().normalize('NFKC').toLowerCase()
}
