import type { UpstreamConfig } from '../../core/config/upstream.ts'
import { upstreamFields } from '../../core/config/upstream.ts'
import { maskKey } from '../../core/keys/mask.ts'
import { parsePaste } from '../../core/presets/paste.ts'
import type { Preset } from '../../core/presets/preset.ts'
import { findPreset, presets } from '../../core/presets/presets.ts'
import { findAdapter, upstreamTypes } from '../../core/upstreams/registry.ts'
import { describeCall } from '../../core/views/upstream-view.ts'
import { redactUrl } from '../redact.ts'
import type { WizardContext } from './context.ts'

/** An upstream that is about to be added. */
export interface UpstreamDraft
	extends Pick<UpstreamConfig, 'name' | 'type' | 'baseUrl' | 'website' | 'modelMap' | 'authStyle'> {
	preset: Preset | undefined
	/** Pasted along with its URL. */
	keys: string[]
}

export async function chooseUpstream(context: WizardContext): Promise<UpstreamDraft> {
	const { ask, texts } = context
	const words = texts.upstream
	const known = presets.map(preset => ({
		value: preset as Preset | undefined,
		label: words.preset(preset),
		hint: words.groups[preset.group],
		words: [preset.id, preset.name, preset.nameZh, preset.vendor].join(' '),
	}))
	const custom = { value: undefined, label: words.custom, hint: words.customHint }
	const preset = await ask.search(words.question, [...known, custom], words.filter)
	const draft = preset ? await readPreset(context, preset) : await readPaste(context)
	const url = describeCall(draft)
	if (url !== undefined) ask.say(words.calls(url))
	return draft
}

async function readPreset({ ask, texts, known }: WizardContext, preset: Preset): Promise<UpstreamDraft> {
	const words = texts.upstream
	const options = preset.endpoints.map((endpoint, index) => ({
		value: endpoint,
		label: `${words.types[endpoint.type] ?? endpoint.type}`,
		hint: index === 0 ? `${endpoint.baseUrl}, ${words.recommended}` : endpoint.baseUrl,
	}))
	const [only] = preset.endpoints
	const endpoint = options.length === 1 && only ? only : await ask.select(words.endpoint, options)
	const baseUrl =
		preset.placeholder === undefined
			? endpoint.baseUrl
			: await ask.text({
					message: words.placeholder(endpoint.baseUrl),
					initial: endpoint.baseUrl,
					judge: url =>
						url.includes(preset.placeholder ?? '') ? words.noUrl : judgeField('baseUrl', url, texts),
				})
	const taken = listNames(known)
	return {
		...{ preset, baseUrl, type: endpoint.type, name: makeUnique(preset.id, taken), keys: [] },
		...{ website: preset.website, modelMap: { ...preset.modelMap } },
		authStyle: endpoint.authStyle ?? 'auto',
	}
}

async function readPaste(context: WizardContext): Promise<UpstreamDraft> {
	const { ask, texts } = context
	const words = texts.upstream
	const lines = await ask.lines({
		message: words.paste,
		help: words.pasteHelp,
		describe: describePasted,
		judge: given => (parsePaste(given.join('\n')).baseUrl === undefined ? words.noUrl : undefined),
	})
	const pasted = parsePaste(lines.join('\n'))
	const baseUrl = pasted.baseUrl ?? ''
	const preset = pasted.preset === undefined ? undefined : findPreset(pasted.preset)
	const type = await ask.select(
		words.type,
		upstreamTypes.map(value => ({
			value,
			label: words.types[value] ?? value,
			hint: describeCall({ type: value, baseUrl }),
		})),
		pasted.type?.value ?? guessType(baseUrl),
	)
	return {
		...{ preset, baseUrl, type, keys: pasted.keys },
		name: await askName(context, pasted.name ?? 'upstream'),
		website: preset?.website ?? '',
		modelMap: { ...(pasted.modelMap ?? preset?.modelMap) },
		authStyle: preset?.endpoints.find(one => one.type === type)?.authStyle ?? 'auto',
	}
}

/** Bases that end in a version are written so for OpenAI's clients; Anthropic's have none. */
const guessType = (baseUrl: string) => (/\/v\d+$/.test(baseUrl) ? 'openai' : 'claude')

/** What a line was taken for, without the keys in it. */
function describePasted(line: string): string {
	const { baseUrl, keys } = parsePaste(line)
	// A key alone may tell whose it is; only what was pasted is shown.
	const host = URL.parse(baseUrl ?? '')?.hostname ?? ''
	const shown = [
		...(baseUrl !== undefined && line.includes(host) ? [redactUrl(baseUrl)] : []),
		...keys.map(maskKey),
	]
	return shown.length === 0 ? '…' : shown.join('  ')
}

function askName({ ask, texts, known }: WizardContext, suggestion: string): Promise<string> {
	const taken = listNames(known)
	return ask.text({
		message: texts.upstream.name,
		initial: makeUnique(suggestion, taken),
		judge: name =>
			judgeField('name', name, texts) ?? (taken.has(name.toLowerCase()) ? texts.upstream.taken : undefined),
	})
}

/** What is wrong with a value of an upstream's field; undefined when nothing is. */
export function judgeField(
	field: 'name' | 'baseUrl',
	value: string,
	{ upstream }: WizardContext['texts'],
): string | undefined {
	const result = upstreamFields[field].safeParse(value)
	return result.success ? undefined : upstream.wrong[field](result.error.issues[0]?.message ?? '')
}

/** The adapter of a draft is always known: its type was chosen from the list. */
export const adapterOf = ({ type }: Pick<UpstreamDraft, 'type'>) => findAdapter(type)

function listNames(known: WizardContext['known']): ReadonlySet<string> {
	return new Set(known?.config.upstreams.map(({ name }) => name.toLowerCase()))
}

function makeUnique(name: string, taken: ReadonlySet<string>): string {
	if (!taken.has(name.toLowerCase())) return name
	let number = 2
	while (taken.has(`${name}-${number}`.toLowerCase())) number++
	return `${name}-${number}`
}
