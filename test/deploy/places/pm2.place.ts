import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createConfigRepository, createKeyRing, migrateDatabase, openDatabase } from '../../../db/index.ts'
import { call, hello, readEvents } from '../../support/call.ts'
import { pm2 } from '../../support/places/pm2.ts'
import { accessKey } from '../../support/proxy.ts'
import { openStreams } from '../../support/streams.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../../support/upstreams/index.ts'

const encryptionKey = 'an encryption key for tests only'
let folder: string
let upstream: ScriptedUpstream
let served: Awaited<ReturnType<typeof pm2.start>>
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'claude-proxy-'))
	upstream = await startOpenAiUpstream()
	const url = `file:${folder}/test.db`
	const database = await openDatabase({ url })
	await migrateDatabase(database)
	const repository = createConfigRepository(database, createKeyRing(encryptionKey))
	const meta = { author: 'cli', message: 'test' } as const
	const { id } = await repository.addUpstream({ name: 'one', type: 'openai', baseUrl: upstream.url }, meta)
	await repository.addKeys(id, ['sk-test-key-0123456789'], meta)
	await repository.setCurrentUpstream(id, meta)
	database.close()
	const secrets = { PROXY_ACCESS_KEY: accessKey, ENCRYPTION_KEY: encryptionKey }
	served = await pm2.start({
		folder,
		variables: { ...secrets, TURSO_DATABASE_URL: url, SHUTDOWN_TIMEOUT: '30000' },
	})
})
afterEach(async () => {
	await Promise.all([served.stop(), upstream.close()])
	await rm(folder, { recursive: true, force: true })
})

test('a reload takes both processes’ place and drops no stream', async () => {
	const before = await served.pids()
	expect(new Set(before).size).toBe(2)
	const gates = Array.from({ length: 20 }, () => upstream.gate())
	upstream.script(...gates.map(gate => ({ text: ['some ', 'more ', 'end'], gate })))
	const streams = openStreams(served.url, { ...hello, stream: true }, gates.length)
	for (const gate of gates) gate.release(2)
	await Promise.all(streams.map(stream => stream.until('some ')))
	const reloaded = served.reload()
	// One after the other: a new process takes the place of one whose streams are still open.
	await expect
		.poll(async () => (await served.pids()).some(pid => !before.includes(pid)), { timeout: 30_000 })
		.toBe(true)
	for (let count = 0; count < 4; count++) expect((await fetch(`${served.url}/health`)).status).toBe(200)
	for (const gate of gates) gate.open()
	await reloaded
	expect((await served.pids()).filter(pid => before.includes(pid))).toEqual([])
	for (const stream of streams) expect(readEvents(await stream.rest()).at(-1)?.type).toBe('message_stop')
	expect((await call(served)).status).toBe(200)
})
