/**
 * Which model to ask an upstream for. Rules are tried by how exact they are, whatever their order: the exact name,
 * then globs (`claude-*-haiku-*`, in order), then tiers (`opus`, `sonnet`, `haiku`). Date, `[1m]` and `-thinking`
 * suffixes of the client's name do not defeat a rule. A name that no rule fits stays as it is.
 */
export function mapModel(model: string, modelMap: Readonly<Record<string, string>>): string {
	const known = mapped.get(modelMap) ?? new Map<string, string>()
	const found = known.get(model)
	if (found !== undefined) return found
	const { model: name } = explainModel(model, modelMap)
	if (known.size >= mostMapped) known.clear()
	if (model.length <= longestMapped) mapped.set(modelMap, known.set(model, name))
	return name
}

/** By the map itself, which a snapshot keeps until the configuration changes; names come from clients. */
const mapped = new WeakMap<Readonly<Record<string, string>>, Map<string, string>>()
const mostMapped = 100
const longestMapped = 200

/** What decided; `none`: no rule fits. */
export type ModelRule = 'exact' | 'glob' | 'tier' | 'none'

export interface ModelExplanation {
	/** The model to ask the upstream for. */
	model: string
	rule: ModelRule
	/** The left side of the rule, as it was written. */
	from?: string
	/** The client's name as the rule saw it: in lower case, without suffixes where they would have defeated the rule. */
	matched?: string
}

/** The same as mapModel, with the rule that decided. */
export function explainModel(model: string, modelMap: Readonly<Record<string, string>>): ModelExplanation {
	const rules = Object.entries(modelMap)
	if (rules.length === 0) return { model, rule: 'none' }
	const names = withoutSuffixes(model)
	for (const name of names) {
		const exact = rules.find(([from]) => from.toLowerCase() === name)
		if (exact) return { model: exact[1], rule: 'exact', from: exact[0], matched: name }
	}
	for (const [from, to] of rules.filter(([from]) => ruleKind(from) === 'glob')) {
		const matched = names.find(name => matchesGlob(name, from.toLowerCase()))
		if (matched !== undefined) return { model: to, rule: 'glob', from, matched }
	}
	const [name = ''] = names
	const tier = rules.find(([from]) => ruleKind(from) === 'tier' && hasTier(name, from.toLowerCase()))
	if (!tier) return { model, rule: 'none' }
	return { model: tier[1], rule: 'tier', from: tier[0], matched: name }
}

/** How a rule is read by its left side. A tier's name also fits exactly. */
export function ruleKind(from: string): Exclude<ModelRule, 'none'> {
	if (from.includes('*')) return 'glob'
	return tiers.includes(from.toLowerCase()) ? 'tier' : 'exact'
}

const tiers = ['opus', 'sonnet', 'haiku']

function hasTier(name: string, tier: string): boolean {
	return name.split(/[^a-z]+/).includes(tier)
}

/** The name, and what is left of it as its suffixes come off; lower case. */
function withoutSuffixes(model: string): string[] {
	const names = [model.toLowerCase()]
	for (;;) {
		const name = names.at(-1) as string
		const shorter = name.replace(/(?:\[[^\]]*\]|-thinking|-latest|-\d{8})$/, '')
		if (shorter === name || shorter === '') return names
		names.push(shorter)
	}
}

/** Both in the same case; `*` is any text, also none. */
export function matchesGlob(name: string, glob: string): boolean {
	const pieces = glob.split('*')
	const first = pieces[0] as string
	const last = pieces.at(-1) as string
	if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
		return false
	let at = first.length
	for (const piece of pieces.slice(1, -1)) {
		const found = name.indexOf(piece, at)
		if (found === -1) return false
		at = found + piece.length
	}
	return at <= name.length - last.length
}
