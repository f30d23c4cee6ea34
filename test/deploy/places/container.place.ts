import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { container, readImage } from '../../support/places/container.ts'
import type { PlacedServer } from '../../support/places/place.ts'

const image = readImage()
let volume: string
let running: PlacedServer[] = []
beforeEach(() => {
	volume = mkdtempSync(join(tmpdir(), 'claude-proxy-volume-'))
})
afterEach(async () => {
	await Promise.all(running.splice(0).map(server => server.stop()))
	rmSync(volume, { recursive: true, force: true })
})

async function start(variables: Record<string, string> = {}): Promise<PlacedServer> {
	const server = await container.start({ folder: volume, variables })
	running = [...running, server]
	return server
}

test('a first start makes secrets and database in the volume, and a second one finds them', async () => {
	const first = await start()
	const secrets = readFileSync(join(volume, '.env'), 'utf8')
	expect(secrets).toMatch(/^PROXY_ACCESS_KEY=.+$/m)
	expect(secrets).toMatch(/^ENCRYPTION_KEY=.+$/m)
	expect(statSync(join(volume, '.env')).mode & 0o777).toBe(0o600)
	expect(first.output()).toContain('made just now')
	const [, key = ''] = /^PROXY_ACCESS_KEY=(.+)$/m.exec(secrets) ?? []
	expect(first.output()).not.toContain(key)
	await first.stop()
	const second = await start()
	expect(second.output()).not.toContain('made just now')
	expect(readFileSync(join(volume, '.env'), 'utf8')).toBe(secrets)
	expect(readdirSync(volume)).toContain('data.db')
})

test('the image holds what it runs, and neither sources nor development packages', () => {
	const app = readdirSync(join(image.root, image.workdir))
	expect(app.sort()).toEqual(['deploy', 'dist', 'node_modules', 'package.json', 'web'])
	const packages = readdirSync(join(image.root, image.workdir, 'node_modules'))
	for (const name of ['vite', 'vitest', 'typescript', 'svelte', 'drizzle-kit'])
		expect(packages).not.toContain(name)
	expect(image.volumes).toEqual(['/data'])
})

test('the health check tells whether requests would be answered', async () => {
	const server = await start()
	const check = (variables: Record<string, string>) =>
		promisify(execFile)(process.execPath, image.healthcheck.slice(1), {
			...{ cwd: join(image.root, image.workdir), uid: image.uid, gid: image.uid },
			env: { ...image.variables, ...variables },
		})
	const { port } = new URL(server.url)
	await expect(check({ PORT: port })).resolves.toBeDefined()
	await expect(check({ PORT: port, HEALTH_CHECK_PATH: '/nowhere' })).resolves.toBeDefined()
	await server.stop()
	await expect(check({ PORT: port })).rejects.toMatchObject({ code: 1 })
})
