/** What is wrong with one place of a document; `path` as in `upstream[2].baseUrl`. */
export interface Problem {
	path: string
	message: string
}

/** Collects what a reader of documents has to say: all problems at once, and no end of them from a hostile file. */
export interface Report {
	readonly problems: Problem[]
	readonly warnings: string[]
	refuse(path: string, message: string): void
	warn(path: string, message: string): void
}

const maxEntries = 50

export function createReport(): Report {
	const problems: Problem[] = []
	const warnings: string[] = []
	return {
		problems,
		warnings,
		refuse(path, message) {
			if (problems.length < maxEntries) problems.push({ path, message })
		},
		warn(path, message) {
			if (warnings.length < maxEntries) warnings.push(path === '' ? message : `${path}: ${message}`)
			else if (warnings.length === maxEntries) warnings.push('… and more of the kind')
		},
	}
}

/** `upstream`, 2, `baseUrl` -> `upstream[2].baseUrl`. A name that may be anything, a key even, is not repeated. */
export function formatPath(parts: readonly PropertyKey[]): string {
	return parts.reduce<string>((path, part) => {
		if (typeof part === 'number') return `${path}[${part}]`
		return path === '' ? showName(String(part)) : `${path}.${showName(String(part))}`
	}, '')
}

function showName(name: string): string {
	return /^[a-z][\w.*-]{0,39}$/i.test(name) && !/^(?:sk-|AIza|gsk_|nvapi-|xai-|eyJ)/.test(name)
		? name
		: '(a name)'
}
