import { nameKeyOf } from '../names.ts'
import type { Report } from './report.ts'

interface Named {
	path: string
	/** Undefined: to be made from the host of the URL. */
	name: string | undefined
	baseUrl: string
}

/**
 * A name for each upstream, none twice. The original identified upstreams by their index, so names may be missing or
 * repeated in its files; the same file always gives the same names.
 */
export function nameUpstreams(upstreams: readonly Named[], report: Report): string[] {
	const taken = new Set(upstreams.flatMap(({ name }) => (name === undefined ? [] : [nameKeyOf(name)])))
	const used = new Set<string>()
	const claim = (name: string): string => {
		used.add(nameKeyOf(name))
		return name
	}
	return upstreams.map(({ path, name, baseUrl }) => {
		if (name !== undefined && !used.has(nameKeyOf(name))) return claim(name)
		const base = name ?? URL.parse(baseUrl)?.hostname ?? 'upstream'
		const free = findFree(base, candidate => !used.has(candidate) && !taken.has(candidate))
		report.warn(`${path}.name`, name === undefined ? `missing, made ${free}` : `there twice, made ${free}`)
		return claim(free)
	})
}

function findFree(base: string, isFree: (nameKey: string) => boolean): string {
	if (isFree(nameKeyOf(base))) return base
	for (let number = 2; ; number++) {
		const candidate = `${base.slice(0, 94)} ${number}`
		if (isFree(nameKeyOf(candidate))) return candidate
	}
}
