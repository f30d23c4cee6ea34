import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { PlaceName } from '../../test/support/places/place.ts'
import { projectRoot } from '../lib/layout.ts'
import { formatSeconds } from '../lib/progress.ts'
import { performDockerfile } from './container.ts'
import { startPm2Daemon } from './pm2.ts'
import { runSuite, type SuiteResult } from './suite.ts'
import { buildTree } from './tree.ts'
import { buildForVercel } from './vercel.ts'

/** `npm run deploy:check [-- start vercel … [-- <test files>]]`: the same suite against every way to run claude-proxy. */
const cache = join(projectRoot, '.cache/deploy')
const tree = join(cache, 'tree')
const names: readonly PlaceName[] = ['start', 'vercel', 'container', 'pm2', 'nginx']

interface PreparedPlace {
	env: Record<string, string>
	note?: string
	end?(): Promise<void> | void
}

let built: Promise<void> | undefined
const build = (): Promise<void> => {
	built ??= buildTree(tree)
	return built
}

/** Builds and starts what a place needs; a string says why it cannot be tried here. */
const prepare: Record<PlaceName, () => Promise<PreparedPlace | string>> = {
	async start() {
		await build()
		return { env: { CLAUDE_PROXY_TREE: tree } }
	},
	async vercel() {
		const target = join(cache, 'vercel')
		await buildForVercel(target)
		return { env: { CLAUDE_PROXY_TREE: target } }
	},
	async container() {
		if (process.getuid?.() !== 0) return 'only root can start a process as another user'
		const image = await performDockerfile()
		const env = { CLAUDE_PROXY_IMAGE: image.file }
		return { env, note: `${image.megabytes} MB above the base image`, end: image.remove }
	},
	async pm2() {
		await build()
		const daemon = await startPm2Daemon()
		return { env: { ...daemon.env, CLAUDE_PROXY_TREE: tree }, end: daemon.stop }
	},
	async nginx() {
		if (spawnSync('nginx', ['-v']).status !== 0) return 'nginx is not installed (apt-get install nginx)'
		await build()
		return { env: { CLAUDE_PROXY_TREE: tree } }
	},
}

interface Row {
	place: PlaceName
	result: SuiteResult | string
	note: string
	ms: number
}

async function check(place: PlaceName, filters: readonly string[]): Promise<Row> {
	const startedAt = performance.now()
	const row = (result: SuiteResult | string, note = ''): Row => ({
		...{ place, result, note, ms: performance.now() - startedAt },
	})
	console.log(`\n${place}: preparing`)
	try {
		const prepared = await prepare[place]()
		if (typeof prepared === 'string') return row(`not tried: ${prepared}`)
		console.log(`${place}: ready after ${formatSeconds(performance.now() - startedAt)}`)
		try {
			return row(await runSuite(place, prepared.env, filters), prepared.note)
		} finally {
			await prepared.end?.()
		}
	} catch (error) {
		console.error(error instanceof Error ? error.message : error)
		return row('failed: see above')
	}
}

function describe({ place, result, note, ms }: Row): string {
	const text = typeof result === 'string' ? result : `${result.passed} passed, ${result.failed.length} failed`
	return `${place.padEnd(10)} ${text.padEnd(28)} ${formatSeconds(ms).padEnd(8)} ${note}`.trimEnd()
}

function readArguments(args: readonly string[]): { places: readonly PlaceName[]; filters: string[] } {
	const places = names.filter(name => args.includes(name))
	const filters = args.filter(arg => !names.includes(arg as PlaceName) && arg !== '--')
	return { places: places.length > 0 ? places : names, filters }
}

const { places, filters } = readArguments(process.argv.slice(2))
const rows: Row[] = []
for (const place of places) rows.push(await check(place, filters))
console.log(`\n${rows.map(describe).join('\n')}`)
for (const { place, result } of rows) {
	const failed = typeof result === 'string' ? [] : result.failed
	for (const name of failed) console.log(`${place}: ${name}`)
	if (failed.length > 0 || (typeof result === 'string' && result.startsWith('failed'))) process.exitCode = 1
}
