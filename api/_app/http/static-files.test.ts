import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addStaticFiles } from './static-files.ts'

let root: string
const app = new Hono()
beforeAll(() => {
	root = mkdtempSync(join(tmpdir(), 'claude-proxy-admin-'))
	mkdirSync(join(root, '_app/immutable'), { recursive: true })
	writeFileSync(join(root, 'index.html'), '<html></html>')
	writeFileSync(join(root, '_app/immutable/start.js'), 'start()')
	addStaticFiles(app, root)
	app.notFound(() => Response.json({}, { status: 404 }))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const safety = {
	'x-content-type-options': 'nosniff',
	'x-frame-options': 'DENY',
	'referrer-policy': 'no-referrer',
}

test.each([
	['/', 'no-cache', 'text/html; charset=utf-8'],
	['/requests/req_1', 'no-cache', 'text/html; charset=utf-8'],
	['/_app/immutable/start.js', 'public, max-age=31536000, immutable', 'text/javascript; charset=utf-8'],
])('%s comes with what keeps a browser safe, and says how long it may be kept', async (path, cache, type) => {
	const answer = await app.request(path)
	expect(answer.status).toBe(200)
	expect(Object.fromEntries(answer.headers)).toMatchObject({
		...safety,
		...{ 'cache-control': cache, 'content-type': type },
	})
})

test.each(['/_app/immutable/gone.js', '/v1/messages', '/api', '/admin/dev', '/health'])(
	'%s gets no page',
	async path => {
		expect((await app.request(path)).status).toBe(404)
	},
)
