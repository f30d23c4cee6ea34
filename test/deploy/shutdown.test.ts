import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../../db/index.ts'
import { useProcesses } from '../outages/processes.ts'
import { hello, readEvents } from '../support/call.ts'
import { openStreams } from '../support/streams.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../support/upstreams/index.ts'

const processes = useProcesses()
let upstream: ScriptedUpstream
beforeEach(async () => {
	upstream = await startOpenAiUpstream()
	const key = 'sk-test-key-0123456789'
	expect(await processes.cli(['add', 'one', 'openai', upstream.url, '--key', key])).toMatchObject({ code: 0 })
})
afterEach(() => upstream.close())

/** As many streams as told, each in the middle of its answer. */
async function openMany(url: string, count: number) {
	const gates = Array.from({ length: count }, () => upstream.gate())
	upstream.script(...gates.map(gate => ({ text: ['some ', 'more ', 'end'], gate })))
	const streams = openStreams(url, { ...hello, stream: true }, count)
	for (const gate of gates) gate.release(2)
	await Promise.all(streams.map(stream => stream.until('some ')))
	return { streams, finish: () => gates.map(gate => gate.open()) }
}

test('a process that is told to stop ends 50 open streams first, and takes no new request meanwhile', async () => {
	const served = await processes.serve()
	const { streams, finish } = await openMany(served.url, 50)
	const exited = once(served.child, 'exit')
	served.child.kill('SIGTERM')
	await expect
		.poll(() =>
			served.ask().then(
				() => 'taken',
				error => error.cause?.code,
			),
		)
		.toBe('ECONNREFUSED')
	finish()
	const texts = await Promise.all(streams.map(stream => stream.rest()))
	for (const text of texts) expect(readEvents(text).at(-1)?.type).toBe('message_stop')
	expect(await exited).toEqual([0, null])
	// The process waited for its records, too.
	const database = await openDatabase({ url: `file:${join(processes.folder(), 'data/claude-proxy.db')}` })
	const rows = await database.execute('SELECT outcome, count(*) AS count FROM request_log GROUP BY outcome')
	database.close()
	expect(rows).toEqual([{ outcome: 'ok', count: 50 }])
})

test('streams that outlast SHUTDOWN_TIMEOUT are cut off, so that the process ends', async () => {
	const served = await processes.serve({ SHUTDOWN_TIMEOUT: '200' })
	const { streams } = await openMany(served.url, 2)
	const exited = once(served.child, 'exit')
	served.child.kill('SIGTERM')
	expect(await exited).toEqual([0, null])
	for (const stream of streams) expect(await stream.rest()).not.toContain('message_stop')
})
