import { keySecretSchema } from '../../core/config/upstream.ts'
import { maskKey } from '../../core/keys/mask.ts'
import { judgeKeyHost } from '../../core/presets/key-guard.ts'
import { parsePaste } from '../../core/presets/paste.ts'
import type { WizardContext } from './context.ts'

export interface KeyPlace {
	name: string
	baseUrl: string
	/** The upstream's id, once it has one. */
	id?: string
	keyPageUrl: string
	/** A server nearby takes any key: one that means nothing is made up where none is given. */
	optional: boolean
}

/** What a server that asks for no key is sent. */
const anyKey = 'no-key-needed'

/** Takes keys until none of them goes where it does not belong. None comes twice. */
export async function enterKeys(
	context: WizardContext,
	place: KeyPlace,
	given: readonly string[] = [],
): Promise<string[]> {
	const keys = given.length > 0 ? [...given] : await readKeys(context, place)
	const fresh = [...new Set(keys)].filter(key => judgeKey(context, place, key, []).adds)
	if (await agreeToHosts(context, place, fresh)) return fresh.length > 0 || !place.optional ? fresh : [anyKey]
	return enterKeys(context, place)
}

async function readKeys(context: WizardContext, place: KeyPlace): Promise<string[]> {
	const { ask, texts } = context
	const words = texts.keys
	const page = place.keyPageUrl === '' ? '' : ` (${words.page(place.keyPageUrl)})`
	const lines = await ask.lines({
		message: `${words.question(place.name)}${page}`,
		help: place.optional ? words.noneNeeded : words.help,
		describe(line, before) {
			const earlier = before.flatMap(splitLine)
			return splitLine(line)
				.map((key, index, keys) => describeKey(context, place, key, [...earlier, ...keys.slice(0, index)]))
				.join(', ')
		},
		judge(given) {
			const adds = given.flatMap(splitLine).some(key => judgeKey(context, place, key, []).adds)
			return adds || (place.optional && given.length === 0) ? undefined : words.none
		},
	})
	return lines.flatMap(splitLine)
}

/** Keys may come with names, quotes and commas around; what looks like nothing we know is taken for a key as it is. */
function splitLine(line: string): string[] {
	const { keys } = parsePaste(line)
	if (keys.length > 0) return keys
	return line.split(/[\s,;]+/).filter(word => word !== '')
}

interface KeyJudgement {
	adds: boolean
	verdict: string
}

function judgeKey(
	{ texts, known }: WizardContext,
	place: KeyPlace,
	key: string,
	before: readonly string[],
): KeyJudgement {
	const words = texts.keys.verdicts
	if (!keySecretSchema.safeParse(key).success) return { adds: false, verdict: words.wrong }
	if (before.includes(key)) return { adds: false, verdict: words.duplicate }
	const fingerprints = known?.keyRing.fingerprints(key) ?? []
	const owners = known?.config.upstreams.filter(upstream =>
		upstream.keys.some(({ fingerprint }) => fingerprints.includes(fingerprint)),
	)
	if (owners?.some(({ id }) => id === place.id)) return { adds: false, verdict: words.duplicate }
	const [owner] = owners ?? []
	if (owner) return { adds: true, verdict: words.elsewhere(owner.name) }
	const { verdict, preset } = judgeKeyHost(key, place.baseUrl)
	if (verdict === 'foreign' && preset) return { adds: true, verdict: words.vendor(preset.name) }
	return { adds: true, verdict: words.new }
}

function describeKey(
	context: WizardContext,
	place: KeyPlace,
	key: string,
	before: readonly string[],
): string {
	return `${maskKey(key)} ${judgeKey(context, place, key, before).verdict}`
}

/** As `key-guard.ts` for commands: an account's key does not go to another host without a yes. */
async function agreeToHosts(
	{ ask, texts }: WizardContext,
	{ baseUrl }: KeyPlace,
	keys: readonly string[],
): Promise<boolean> {
	const foreign = keys
		.map(key => ({ key, ...judgeKeyHost(key, baseUrl) }))
		.find(({ mustConfirm }) => mustConfirm)
	if (!foreign) return true
	const host = URL.parse(baseUrl)?.host ?? baseUrl
	return ask.confirm(texts.upstream.foreign(maskKey(foreign.key), foreign.preset?.name ?? '', host), false)
}
