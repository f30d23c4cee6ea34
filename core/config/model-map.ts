/**
 * Which model to ask an upstream for. Rules are tried by how exact they are, whatever their order: the exact name,
 * then globs (`claude-*-haiku-*`, in order), then tiers (`opus`, `sonnet`, `haiku`). Date, `[1m]` and `-thinking`
 * suffixes of the client's name do not defeat a rule. A name that no rule fits stays as it is.
 */
export function mapModel(model: string, modelMap: Readonly<Record<string, string>>): string {
	const rules = Object.entries(modelMap)
	if (rules.length === 0) return model
	const names = withoutSuffixes(model)
	for (const name of names) {
		const exact = rules.find(([from]) => from.toLowerCase() === name)
		if (exact) return exact[1]
	}
	const glob = rules.find(
		([from]) => from.includes('*') && names.some(name => matchesGlob(name, from.toLowerCase())),
	)
	if (glob) return glob[1]
	const tier = rules.find(
		([from]) => tiers.includes(from.toLowerCase()) && hasTier(names[0] ?? '', from.toLowerCase()),
	)
	return tier ? tier[1] : model
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

function matchesGlob(name: string, glob: string): boolean {
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
