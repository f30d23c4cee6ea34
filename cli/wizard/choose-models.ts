import type { WizardContext } from './context.ts'

type ModelMap = Record<string, string>

/** Which models the upstream is asked for where a client asks for one of Claude's. */
export async function chooseModels(
	context: WizardContext,
	suggested: ModelMap,
	listed: readonly string[],
): Promise<ModelMap> {
	const { ask, texts } = context
	const words = texts.models
	// An upstream that has Claude's own models needs no map.
	if (Object.keys(suggested).length === 0 && listed.some(model => model.startsWith('claude-'))) return {}
	const fitting = keepListed(suggested, listed)
	const options = [
		...(Object.keys(fitting).length > 0
			? [{ value: 'suggested', label: words.suggested(describeMap(fitting)) }]
			: []),
		{ value: 'choose', label: words.choose },
		{ value: 'none', label: words.none },
	]
	const choice = await ask.select(words.question, options)
	if (choice === 'suggested') return fitting
	if (choice === 'none') return {}
	const large = await askModel(context, words.large, fitting.opus, listed)
	const small = await askModel(context, words.small, fitting.haiku ?? large, listed)
	return { opus: large, sonnet: large, haiku: small }
}

/** A suggestion that the upstream does not list would be refused. Lists may leave dates and prefixes out. */
function keepListed(suggested: ModelMap, listed: readonly string[]): ModelMap {
	if (listed.length === 0) return suggested
	const rules = Object.entries(suggested).filter(([, to]) =>
		listed.some(model => model === to || model.endsWith(`/${to}`) || model.startsWith(to)),
	)
	return Object.fromEntries(rules)
}

function askModel(
	{ ask, texts }: WizardContext,
	message: string,
	initial: string | undefined,
	listed: readonly string[],
): Promise<string> {
	const words = texts.models
	if (listed.length === 0) {
		return ask.text({ message, initial, judge: model => (model === '' ? words.empty : undefined) })
	}
	const ordered = initial === undefined ? listed : [initial, ...listed.filter(model => model !== initial)]
	return ask.search(
		message,
		ordered.map(model => ({ value: model, label: model })),
		words.find,
	)
}

/** `opus, sonnet → big · haiku → small` */
function describeMap(map: ModelMap): string {
	const byModel = new Map<string, string[]>()
	for (const [from, to] of Object.entries(map)) byModel.set(to, [...(byModel.get(to) ?? []), from])
	return [...byModel].map(([to, from]) => `${from.join(', ')} → ${to}`).join(' · ')
}
