import { readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'

/** `routes` of config.json. Source: https://vercel.com/docs/build-output-api/configuration#routes */
interface Route {
	src?: string
	dest?: string
	handle?: string
	status?: number
	methods?: string[]
	headers?: Record<string, string>
	continue?: boolean
	check?: boolean
}

export type Target = { file: string } | { function: string } | { status: number }
export type Match = Target & { headers: Record<string, string> }

/** Finds what answers a path: the phases of config.json with the files and functions of the output between them. */
export function createRouter(output: string, functions: ReadonlySet<string>) {
	const { routes = [] } = JSON.parse(readFileSync(join(output, 'config.json'), 'utf8')) as {
		routes?: Route[]
	}
	const phases = groupByPhase(routes)

	function lookUp(path: string): Target | undefined {
		for (const name of [path, posix.join(path, 'index.html')]) {
			const file = join(output, 'static', name)
			if (statSync(file, { throwIfNoEntry: false })?.isFile()) return { file }
		}
		const name = [path, posix.join(path, 'index')].find(candidate => functions.has(candidate))
		return name === undefined ? undefined : { function: name }
	}

	return function findTarget(method: string, pathname: string): Match {
		const headers: Record<string, string> = {}
		const enter = (phase: string): Target | undefined => {
			for (const route of phases.get(phase) ?? []) {
				const match = new RegExp(route.src ?? '^$').exec(pathname)
				if (!match || (route.methods && !route.methods.includes(method))) continue
				Object.assign(headers, route.headers)
				if (route.status !== undefined && !route.dest && !route.continue) return { status: route.status }
				if (route.dest === undefined) continue
				const [path = ''] = route.dest.replace(/\$(\d)/g, (_, group) => match[Number(group)] ?? '').split('?')
				const found = lookUp(path)
				if (found) return found
			}
			return undefined
		}
		const target = enter('') ?? lookUp(pathname) ?? enter('filesystem') ?? enter('rewrite') ?? { status: 404 }
		return { ...target, headers }
	}
}

function groupByPhase(routes: readonly Route[]): Map<string, Route[]> {
	const phases = new Map<string, Route[]>()
	let phase = ''
	for (const route of routes) {
		if (route.handle !== undefined) phase = route.handle
		else phases.set(phase, [...(phases.get(phase) ?? []), route])
	}
	return phases
}
