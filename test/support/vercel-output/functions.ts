import { cpSync, mkdirSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'

/** What `.vc-config.json` says of a function, as far as it matters here. */
export interface FunctionConfig {
	handler: string
	runtime: string
	maxDuration?: number
	supportsCancellation?: boolean
	filePathMap?: Record<string, string>
	environment?: Record<string, string>
}

export interface BuiltFunction {
	config: FunctionConfig
	/** Where it was copied: nothing of the project is above it, so what was not traced is missing. */
	folder: string
}

export type Handler = (request: Request) => Response | Promise<Response>

/** Copies every function of the output, its traced files included, into folders of their own. */
export function copyFunctions(root: string, output: string, target: string): Map<string, BuiltFunction> {
	const functions = new Map<string, BuiltFunction>()
	const base = join(output, 'functions')
	for (const entry of readdirSync(base, { recursive: true, withFileTypes: true })) {
		if (!entry.name.endsWith('.func')) continue
		const source = join(entry.parentPath, entry.name)
		const name = `/${relative(base, source).slice(0, -'.func'.length)}`
		const folder = join(target, String(functions.size))
		const config = JSON.parse(readFileSync(join(source, '.vc-config.json'), 'utf8')) as FunctionConfig
		cpSync(realpathSync(source), folder, { recursive: true, verbatimSymlinks: true })
		for (const [to, from] of Object.entries(config.filePathMap ?? {})) {
			mkdirSync(dirname(join(folder, to)), { recursive: true })
			cpSync(join(root, from), join(folder, to), { recursive: true, verbatimSymlinks: true })
		}
		functions.set(name, { config, folder })
	}
	return functions
}

/** Imports a function as the launcher does. Source: `export default { fetch }` of the Node.js runtime's docs. */
export async function loadHandler({ config, folder }: BuiltFunction): Promise<Handler> {
	process.chdir(folder)
	Object.assign(process.env, config.environment ?? {})
	let module = (await import(pathToFileURL(join(folder, config.handler)).href)) as { default?: unknown }
	while (isRecord(module.default) && typeof module.default.fetch !== 'function') module = module.default
	const found = isRecord(module.default) ? module.default.fetch : undefined
	if (typeof found !== 'function') throw new Error(`${config.handler} exports no fetch`)
	return request => found(request) as Response | Promise<Response>
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null
}
