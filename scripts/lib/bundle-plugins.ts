import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import type { Plugin } from 'rolldown'

/** Stands for `zod` where @hono/zod-openapi imports it: of all of zod that package uses one class. */
const zodForOpenApi = '\0zod-for-openapi'

/** zod's texts in some sixty languages; errors are told in English here. */
const zodLocales = /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.c?js$/

/** How pino hands lines to a thread of their own, with a package that makes such threads; here they are written at once. */
const pinoTransport = /[\\/]pino[\\/]lib[\\/]transport\.js$/

/**
 * Leaves out of the bundle what dependencies bring along and nothing here uses. It is parsed at each cold start, so it
 * costs time although it never runs.
 */
export function leaveOutUnused(root: string): Plugin {
	const folder = (name: string) => join(root, 'node_modules', name)
	return {
		name: 'leave-out-unused',
		resolveId(id, importer = '') {
			// It takes `z` as a whole, which keeps every locale and every schema that nobody asks for.
			if (id === 'zod' && importer.startsWith(folder('@hono/zod-openapi'))) return zodForOpenApi
			// Hrana over WebSockets is never used here; what Node brings is enough for the import.
			if (id === '@libsql/isomorphic-ws') return join(folder(id), 'web.mjs')
			return null
		},
		load(id) {
			if (id === zodForOpenApi) return `import { ZodType } from 'zod'\nexport const z = { ZodType }`
			if (pinoTransport.test(id)) return `module.exports = () => { throw new Error('not in the bundle') }`
			if (zodLocales.test(id)) return `export { default as en } from './en.js'`
			return null
		},
	}
}

/** What a chunk takes from a module of Node's by names or as a default; all of it stands at the beginning of lines. */
const namedImport = /^import (?:([\w$]+)(?:, )?)?(?:\{ ([^}]+) \})? ?from "([^"]+)";$/gm

/**
 * Takes Node's own modules as `require` does. `import` reads every export of such a module first, of which some are
 * getters: `node:http` loads fetch, WebSocket and all that they need, which is a fifth of the CPU of a start
 * (docs/performance.md).
 */
export function takeBuiltinsAsTheyAre(): Plugin {
	return {
		name: 'take-builtins-as-they-are',
		renderChunk: code =>
			code.replace(namedImport, (line, whole: string | undefined, names: string | undefined, id: string) =>
				isBuiltin(id) ? takeBuiltin(id, whole, names) : line,
			),
	}
}

function takeBuiltin(id: string, whole: string | undefined, names: string | undefined): string {
	const builtin = `process.getBuiltinModule("${id}")`
	return [
		...(whole === undefined ? [] : [`const ${whole} = ${builtin};`]),
		...(names === undefined ? [] : [`const { ${names.replaceAll(' as ', ': ')} } = ${builtin};`]),
	].join(' ')
}
