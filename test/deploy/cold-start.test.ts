import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleFunction } from '../../scripts/lib/bundle.ts'
import { projectRoot } from '../../scripts/lib/layout.ts'
import { call } from '../support/call.ts'
import { type HranaProcess, startHranaProcess } from '../support/hrana-server.ts'
import { type PlacedChild, startPlacedChild } from '../support/places/child.ts'
import { accessKey, startProxy } from '../support/proxy.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../support/upstreams/index.ts'

const support = join(projectRoot, 'test/support/function-instance')

let folder: string
let server: HranaProcess
let upstream: ScriptedUpstream
let instance: PlacedChild
beforeAll(async () => {
	// Outside of the project: a package that is not in the bundle is not to be had there.
	folder = mkdtempSync(join(tmpdir(), 'claude-proxy-function-'))
	const program = join(folder, 'api/index.js')
	;[server, upstream] = await Promise.all([startHranaProcess(), startOpenAiUpstream()])
	await bundleFunction(projectRoot, program)
	const database = { TURSO_DATABASE_URL: server.url, TURSO_AUTH_TOKEN: server.token }
	const configured = await startProxy(database)
	await configured.use({ type: 'openai', baseUrl: upstream.url })
	await configured.close()
	const secrets = { PROXY_ACCESS_KEY: accessKey, ENCRYPTION_KEY: 'an encryption key for tests only' }
	instance = await startPlacedChild({
		args: ['--import', join(support, 'record-loads.ts'), join(support, 'main.ts'), program],
		cwd: folder,
		env: { VERCEL: '1', VERCEL_ENV: 'production', ...secrets, ...database },
	})
})
afterAll(async () => {
	await instance.stop()
	await Promise.all([server.stop(), upstream.close()])
	rmSync(folder, { recursive: true, force: true })
})

/** Files that the instance has read since its bundle began. */
const listLoaded = (): string[] => {
	const urls = [...instance.output().matchAll(/^loaded (\S+)$/gm)].map(([, url = '']) => url)
	return urls.slice(urls.findIndex(url => url.endsWith('/api/index.js'))).map(url => fileURLToPath(url))
}

/** Sources and packages that a file of the bundle was made from: each begins with its name in a comment. */
const listParts = (file: string): string[] =>
	[...readFileSync(file, 'utf8').matchAll(/^\/\/(?:#region)? ?((?:api|core|db|node_modules)\/\S+)$/gm)].map(
		([, name = '']) => name,
	)

const forAdmin = /^api\/_app\/(?:admin|playground)\//
const notForMessages = [
	...[forAdmin, /zod-openapi/, /zod-to-openapi/, /@opentelemetry/],
	...[/\/pino-pretty\//, /\/ws\//, /drizzle/, /^core\/presets\//],
]

test('a new instance loads for a message what messages need, and the admin when it is asked for', async () => {
	expect((await call(instance)).status).toBe(200)
	const admin = await fetch(`${instance.url}/api/session`, { headers: { 'x-api-key': accessKey } })
	expect(admin.status).toBe(200)
	await expect
		.poll(() =>
			listLoaded()
				.flatMap(listParts)
				.some(name => forAdmin.test(name)),
		)
		.toBe(true)
	const loaded = listLoaded()
	const before = loaded.slice(
		0,
		loaded.findIndex(file => listParts(file).some(name => forAdmin.test(name))),
	)
	const parts = before.flatMap(listParts)
	expect(parts).toContain('core/proxy/handle-messages.ts')
	for (const pattern of notForMessages) expect(parts.filter(name => pattern.test(name))).toEqual([])
	// Every byte of it is parsed before the first answer.
	expect(before.reduce((sum, file) => sum + readFileSync(file).length, 0)).toBeLessThan(1_500_000)
})

test('with a database server no native code is loaded, and nothing from outside of the bundle', () => {
	const loaded = listLoaded()
	expect(loaded.length).toBeGreaterThan(3)
	expect(loaded.filter(file => !file.startsWith(join(folder, 'api')))).toEqual([])
	expect(loaded.map(file => basename(file)).filter(name => !name.endsWith('.js'))).toEqual([])
	expect(loaded.flatMap(listParts).filter(name => name.includes('@libsql/client/lib-esm/sqlite3'))).toEqual(
		[],
	)
})
