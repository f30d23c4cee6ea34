import { explainModel } from '../config/model-map.ts'
import type { ModelEntry } from '../messages/models.ts'
import { callWithKey, type KeyedCall, readJson } from './quiet-call.ts'

/** What Claude Code asks small things of: the cheapest name that every model map should know. */
export const smallModel = 'claude-haiku-4-5'

const tiers = [smallModel, 'claude-sonnet-4-5', 'claude-opus-4-5']

/** The model that the map gives to one of Claude's tiers, the smallest first; undefined when it maps none. */
export function chooseMappedModel(modelMap: Readonly<Record<string, string>>): string | undefined {
	for (const name of tiers) {
		const { model, rule } = explainModel(name, modelMap)
		if (rule !== 'none') return model
	}
	return Object.values(modelMap)[0]
}

/** Models that do not chat, by the words that vendors name them with. */
const otherKinds =
	/embed|whisper|tts|audio|speech|transcri|image|dall-e|imagen|veo|sora|video|moderation|rerank|realtime|ocr|guard|search|babbage|davinci|instruct|live|robotics|computer-use|aqa|bge|wan[\d-]|flux/i
/** Small ones, cheapest first. */
const smallKinds = [/haiku/i, /flash-lite|nano|lite/i, /flash|mini(?!max)|small|air|turbo|highspeed/i]

/** The cheapest chat model of a list, as far as names tell; its first entry when they tell nothing. */
export function chooseListedModel(models: readonly ModelEntry[]): string | undefined {
	const chats = models.filter(({ id }) => !otherKinds.test(id))
	for (const kind of smallKinds) {
		const small = chats.find(({ id }) => kind.test(id))
		if (small) return small.id
	}
	return (chats[0] ?? models[0])?.id
}

/** Asks the upstream for its models with the probe's key. Undefined where it has none to tell. */
export async function askForModel(
	call: Omit<KeyedCall, 'outgoing'>,
	secret: string,
): Promise<string | undefined> {
	const lister = call.adapter.models
	if (!lister) return undefined
	const outgoing = lister.buildRequest(call.upstream)
	const result = await callWithKey({ ...call, outgoing }, secret)
	if (result.kind !== 'answered') return undefined
	const page = lister.readResponse(readJson(result.answer))
	return page && chooseListedModel(page.models)
}
