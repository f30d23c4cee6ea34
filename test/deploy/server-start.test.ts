import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureCli } from '../../scripts/lib/ensure-cli.ts'
import { projectRoot } from '../../scripts/lib/layout.ts'
import { quietProgress } from '../../scripts/lib/progress.ts'
import { type PlacedChild, startPlacedChild } from '../support/places/child.ts'
import { accessKey } from '../support/proxy.ts'

let folder: string
let program: string
let server: PlacedChild
beforeAll(async () => {
	program = await ensureCli(projectRoot, quietProgress)
	folder = mkdtempSync(join(tmpdir(), 'claude-proxy-start-'))
	server = await startPlacedChild({
		args: ['--import', join(projectRoot, 'test/support/function-instance/record-loads.ts'), program, 'serve'],
		cwd: folder,
		env: { PORT: '0', HOST: '127.0.0.1', PROXY_ACCESS_KEY: accessKey },
	})
}, 60_000)
afterAll(async () => {
	await server.stop()
	rmSync(folder, { recursive: true, force: true })
})

/** Files of the bundle that the server has read. */
const listLoaded = (): string[] =>
	[...server.output().matchAll(/^loaded (\S+)$/gm)]
		.map(([, url = '']) => fileURLToPath(url))
		.filter(file => dirname(file) === dirname(program))

/** Sources and packages that these files were made from: each begins with its name in a comment. */
const listParts = (files: readonly string[]): string[] =>
	files.flatMap(file =>
		[
			...readFileSync(file, 'utf8').matchAll(/^\/\/(?:#region)? ?((?:api|core|db|cli|node_modules)\/\S+)$/gm),
		].map(([, name = '']) => name),
	)

const notForHealth = [/hono/, /^api\/_app\/(?:app|admin|playground)\b/, /@opentelemetry/, /\/pino-pretty\//]

test('a server reads few files until its first answer, and what the admin needs when that is asked for', async () => {
	const health = await fetch(`${server.url}/health`)
	expect(health.headers.get('content-type')).toBe('application/json')
	expect(await health.json()).toMatchObject({ config: { upstreamCount: 0 } })
	const before = listLoaded()
	const parts = listParts(before)
	expect(parts).toContain('cli/serve.ts')
	for (const pattern of notForHealth) expect(parts.filter(name => pattern.test(name))).toEqual([])
	expect(before.length).toBeLessThanOrEqual(15)
	const session = await fetch(`${server.url}/api/session`, { headers: { 'x-api-key': accessKey } })
	expect(session.status).toBe(200)
	await expect.poll(() => listParts(listLoaded()).some(name => notForHealth[0]?.test(name))).toBe(true)
})

test('Node’s own modules are taken without reading all that they export', () => {
	const imported = listLoaded().flatMap(file =>
		[...readFileSync(file, 'utf8').matchAll(/^import .* from "([^"]+)";$/gm)].map(([, id = '']) => id),
	)
	expect(imported.length).toBeGreaterThan(0)
	expect(imported.filter(id => isBuiltin(id))).toEqual([])
})
