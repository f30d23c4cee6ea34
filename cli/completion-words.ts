import { strategies } from '../core/config/upstream.ts'
import { presets } from '../core/presets/presets.ts'
import { upstreamTypes } from '../core/upstreams/registry.ts'
import type { NamedUpstream } from '../db/index.ts'
import type { Command } from './command.ts'
import { commands } from './commands/index.ts'
import { changeOptions, globalOptions, type OptionSpecs } from './parse-options.ts'

export interface Candidate {
	word: string
	about?: string | undefined
}

/** Names that only the database knows. */
export interface KnownNames {
	upstreams: readonly NamedUpstream[]
}

/**
 * What the last of the words may become. Everything follows from the commands' usage lines and options, so that a new
 * command completes without a line here.
 */
export async function completeWords(
	typed: readonly string[],
	readNames: () => Promise<KnownNames>,
): Promise<Candidate[]> {
	const words = typed[0] === 'config' ? typed.slice(1) : typed
	const current = words.at(-1) ?? ''
	const candidates = await listCandidates(words.slice(0, -1), current, readNames)
	const begun = candidates.filter(({ word }) => word.toLowerCase().startsWith(current.toLowerCase()))
	return [...new Map(begun.map(candidate => [candidate.word, candidate])).values()]
}

async function listCandidates(
	before: readonly string[],
	current: string,
	readNames: () => Promise<KnownNames>,
): Promise<Candidate[]> {
	const [name, ...rest] = before.filter(word => !isSwitch(word))
	if (name === undefined || name === 'help') return listCommands()
	const entry = Object.hasOwn(commands, name) ? commands[name] : undefined
	if (!entry) return []
	const command = await entry.load()
	const options = { ...command.options, ...(entry.changes ? changeOptions : {}), ...globalOptions }
	const valued = options[(before.at(-1) ?? '').replace(/^--/, '')]
	if (before.at(-1)?.startsWith('--') && valued?.value !== undefined) {
		return fillPlace(valued.value, rest, readNames)
	}
	if (current.startsWith('-')) return listOptions(options)
	const words = withoutValues(rest, before, options)
	const places = findPlaces(command, [name, ...words])
	return (await Promise.all(places.map(place => fillPlace(place, words, readNames)))).flat()
}

const isSwitch = (word: string) => word.startsWith('-')

function listCommands(): Candidate[] {
	return Object.entries(commands).map(([word, { summary }]) => ({ word, about: summary }))
}

function listOptions(options: OptionSpecs): Candidate[] {
	return Object.entries(options).map(([name, { description }]) => ({ word: `--${name}`, about: description }))
}

/** Words that stand behind an option belong to it. */
function withoutValues(words: readonly string[], before: readonly string[], options: OptionSpecs): string[] {
	return words.filter(word => {
		const option = before[before.indexOf(word) - 1] ?? ''
		return !(option.startsWith('--') && options[option.slice(2)]?.value !== undefined)
	})
}

/** What the usage lines have at the next place, as far as the words before fit them. */
function findPlaces({ usage }: Command, words: readonly string[]): string[] {
	return usage.flatMap(form => {
		const places = splitUsage(form)
		const fits = words.every((word, index) => fitsPlace(word, places[Math.min(index, places.length - 1)]))
		const last = places.at(-1)
		const next = places[words.length] ?? (last?.endsWith('…') ? last : undefined)
		return fits && next !== undefined ? [next] : []
	})
}

/** `history diff <revision> [<revision>|current]` -> its places; options end them. */
function splitUsage(form: string): string[] {
	const places: string[] = []
	for (const place of form.match(/<[^>]*>\|?[\w|<>]*|[^\s[\]]+|…/g) ?? []) {
		if (place.startsWith('--')) break
		if (place === '…') places.push(`${places.pop() ?? ''}…`)
		else places.push(place)
	}
	return places
}

function fitsPlace(word: string, place: string | undefined): boolean {
	return place !== undefined && (place.startsWith('<') || place.replace('…', '').split('|').includes(word))
}

async function fillPlace(
	place: string,
	words: readonly string[],
	readNames: () => Promise<KnownNames>,
): Promise<Candidate[]> {
	const name = place.replace(/[<>…]/g, '')
	if (/^(?:upstream|name)$/.test(name)) return listUpstreams(await readNames())
	if (/^(?:key|key id|id\|number\|mask\|key)$/.test(name)) return listKeys(await readNames(), words[0] ?? '')
	if (name === 'type') return upstreamTypes.map(word => ({ word }))
	if (name === 'preset') return presets.map(preset => ({ word: preset.id, about: preset.name }))
	if (name === 'strategy') return strategies.map(word => ({ word }))
	if (place.startsWith('<')) return []
	return /^[a-z][\w-]*(?:\|[\w-]+)*$/i.test(name) && (name.includes('|') || !isValueName(name))
		? name.split('|').map(word => ({ word }))
		: []
}

/** Of an option's value: a word for what is meant, not a word to type. */
const isValueName = (name: string) =>
	/^(?:text|url|path|number|time|NAME|file|model|address|port|seconds|revision|event|format|id)$/.test(name)

function listUpstreams({ upstreams }: KnownNames): Candidate[] {
	return upstreams.map(({ name, type }) => ({ word: name, about: type }))
}

/** By id: masks have a character that is hard to type. */
function listKeys({ upstreams }: KnownNames, upstream: string): Candidate[] {
	const found = upstreams.find(({ name }) => name.toLowerCase() === upstream.toLowerCase())
	return found?.keys.map(({ id, mask }) => ({ word: id, about: mask })) ?? []
}
