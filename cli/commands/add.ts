import { upstreamTypes } from '../../core/upstreams/registry.ts'
import { describeCall } from '../../core/views/upstream-view.ts'
import type { AddedKeys, Config, ConfigUpstream } from '../../db/index.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import { forceOption, guardKeyHosts } from '../key-guard.ts'
import { keySourceOptions, readKeys } from '../key-input.ts'
import { suggestNext } from '../next-step.ts'
import { describeElsewhere, noteShellHistory, noteUnverifiedTls } from '../notes.ts'
import { describeKeyPage, readPreset } from '../preset-input.ts'
import { redactUrl } from '../redact.ts'
import { programMark, usageError } from '../refuse.ts'
import { checkFields, readFields, readType, specifyFields } from '../upstream-fields.ts'
import { viewUpstream } from '../view-upstream.ts'

const usage = 'add <name> <type> <url>'

export const add: Command = {
	usage: [
		`${usage} [options]`,
		'add <name> <url> <type> [options]',
		'add <name> [<url>] --preset <preset> [--endpoint <type>] [options]',
	],
	options: {
		key: { value: 'key', repeatable: true, description: 'a first key; better: --key-stdin' },
		...keySourceOptions,
		preset: { value: 'preset', description: 'a service by name: `presets` lists them' },
		endpoint: { value: 'type', description: "which of the preset's types; the recommended one unless told" },
		...forceOption,
		...specifyFields(['name', 'type', 'baseUrl']),
	},
	examples: [
		'add openai-main openai https://api.openai.com',
		'add deepseek --preset deepseek --key-stdin',
		'add kimi claude https://api.moonshot.cn/anthropic --key-env KIMI_KEY --model-map opus=kimi-k2',
	],
	details: [`types: ${upstreamTypes.join(', ')}`],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const preset = readPreset(call)
	const { name, type, baseUrl } = preset ?? readWords(call.words)
	const given = preset
		? {
				...preset.fields,
				...readFields(call.options, { modelMap: preset.fields.modelMap, extraHeaders: {} }),
			}
		: readFields(call.options)
	const fields = { ...given, ...checkFields({ name, baseUrl, type: readType(type) }) }
	const typed = call.options.list('key')
	const keys = await readKeys(typed, call.options, call.io)
	await guardKeyHosts(call, keys, baseUrl)
	const { repository, read } = await call.openSession()
	const input = { ...fields, name, type: fields.type ?? type, baseUrl }
	const changed = await repository.addUpstream(input, { author: 'cli' }, keys)
	if (typed.length > 0) noteShellHistory(call)
	if (fields.insecureSkipVerify) noteUnverifiedTls(call, name)
	const config = await read()
	const upstream = config.upstreams.find(({ id }) => id === changed.id)
	if (upstream === undefined) throw new Error(`${name} was added and has been removed again by someone else`)
	const { revision, added, duplicates, elsewhere } = changed
	return {
		data: { revision, upstream: viewUpstream(upstream, config), added, duplicates, elsewhere },
		lines: [...describe(call, upstream, config, changed), ...describeKeyPage(call, preset, upstream)],
	}
}

function describe(call: CommandCall, upstream: ConfigUpstream, config: Config, keys: AddedKeys): string[] {
	const { name, type, baseUrl } = upstream
	const url = describeCall(upstream)
	const { say } = call.texts
	return [
		`${call.style.good(say(`added ${name}`))} (${type}, ${redactUrl(baseUrl)})`,
		...(url === undefined ? [] : [say(`requests go to POST ${url}`)]),
		...(keys.added.length > 0 ? [say(`keys: ${keys.added.map(({ mask }) => mask).join(', ')}`)] : []),
		...describeElsewhere(call, keys),
		...suggestNext(call, upstream, config),
	]
}

/** The documentation of the original shows both orders: the URL tells which is which. */
function readWords(words: readonly string[]): { name: string; type: string; baseUrl: string } {
	const [name = '', second = '', third = ''] = words
	if (words.length !== 3) {
		throw usageError(`add needs a name, a type and a URL: ${usage}`, adviseOnWords(words.length))
	}
	const urlFirst = isUrl(second) || (!isUrl(third) && upstreamTypes.includes(third.toLowerCase()))
	return urlFirst ? { name, type: third, baseUrl: second } : { name, type: second, baseUrl: third }
}

function adviseOnWords(count: number): string {
	if (count > 3) return 'quote a name that has blanks in it'
	if (count === 2) return `types: ${upstreamTypes.join(', ')}`
	return `or a service by name: add <name> --preset <preset>; ${programMark} presets lists them`
}

function isUrl(word: string): boolean {
	return /^\s*[a-z][a-z0-9+.-]*:\/\//i.test(word)
}
