import { join } from 'node:path'
import type { Plugin } from 'rolldown'

/** Stands for `zod` where @hono/zod-openapi imports it: of all of zod that package uses one class. */
const zodForOpenApi = '\0zod-for-openapi'

/** zod's texts in some sixty languages; errors are told in English here. */
const zodLocales = /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.c?js$/

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
			if (zodLocales.test(id)) return `export { default as en } from './en.js'`
			return null
		},
	}
}
