import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The checkout (or the installed package) these scripts belong to. */
export const projectRoot = resolve(import.meta.dirname, '../..')

/** What a bundle of the proxy or the CLI is made from. */
export const serverSources = [
	'api/_app',
	'core',
	'db',
	'cli',
	'package.json',
	'package-lock.json',
	'scripts/lib/bundle.ts',
	'scripts/lib/bundle-chunks.ts',
	'scripts/lib/bundle-plugins.ts',
]

/** What the admin is made from; core folders that web imports values from belong here. */
export const adminSources = [
	'web',
	'core/config',
	'core/connect',
	'core/keys',
	'core/messages/accumulator.ts',
	'core/messages/sse-parser.ts',
	'core/presets',
	'core/proxy/curl.ts',
	'core/text',
	'package.json',
	'package-lock.json',
	'scripts/lib/preload-routes.ts',
]

export const cliEntry = (root: string) => join(root, 'cli/main.ts')
export const functionEntry = (root: string) => join(root, 'api/_app/index.ts')
export const builtCli = (root: string) => join(root, 'dist/cli/main.js')
export const builtFunction = (root: string) => join(root, 'dist/api/index.js')
export const builtAdmin = (root: string) => join(root, 'web/build')

/** Development tools are absent from `npm ci --omit=dev` and from containers: then what is built is what runs. */
export const hasTool = (root: string, name: string) =>
	existsSync(join(root, 'node_modules', name, 'package.json'))
