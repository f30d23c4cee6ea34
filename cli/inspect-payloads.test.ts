import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKeyRing, createPayloadLog, createRequestLog } from '../db/index.ts'
import { requestRecord } from '../db/test-support/samples.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'
import { withDatabase } from './test-support/fail-key.ts'

const key = 'sk-sent-with-0123456789'
const encode = (text: string) => ({ bytes: new TextEncoder().encode(text), length: text.length })

let folder: CliFolder

beforeEach(async () => {
	folder = createCliFolder()
	await folder.run('add', 'kimi', 'openai', 'https://api.example.com/v1', '--key', key)
	await withDatabase(async (database, encryptionKey) => {
		const log = createRequestLog({ database })
		log.record(requestRecord('req_recorded'))
		log.record(requestRecord('req_unrecorded'))
		const payloads = createPayloadLog({
			...{ database, keyRing: createKeyRing(encryptionKey), keepDays: () => 7 },
			secrets: () => ({ own: [], upstreams: [key] }),
		})
		payloads.keep({
			...{ requestId: 'req_recorded', mode: 'all', maxBytes: 10_000, answer: undefined },
			request: {
				...{ method: 'POST', path: '/v1/messages', query: '' },
				...{ headers: {}, body: encode('{"model":"claude-opus-5"}') },
			},
			attempts: [
				{
					...{ at: 1, secret: key, hiddenHeaders: [], answer: undefined, problem: 'connection refused' },
					request: {
						...{ method: 'POST', url: 'https://api.example.com/v1/chat/completions' },
						headers: { authorization: `Bearer ${key}` },
					},
					body: encode('{"model":"gpt-4o"}'),
				},
			],
		})
		await Promise.all([log.flush(), payloads.flush()])
	})
})
afterEach(() => folder.remove())

test('inspect tells the bodies, and the command that sends the request again', async () => {
	const told = await folder.run('inspect', 'req_recorded', '--payloads')
	expect(told).toMatchObject({ code: 0, stderr: '' })
	expect(told.stdout).toContain('"model": "claude-opus-5"')
	expect(told.stdout).toContain('authorization: Bearer sk-…6789')
	const { stdout } = await folder.run('inspect', 'req_recorded', '--payloads', '--json')
	expect(JSON.parse(stdout).data).toMatchObject({
		request: { id: 'req_recorded', recorded: true },
		payloads: { mode: 'all', upstreamRequest: { text: '{"model":"gpt-4o"}' }, clientAnswer: null },
	})
	const curl = await folder.run('inspect', 'req_recorded', '--curl')
	expect(curl.stdout).toMatch(/^curl -sS -X POST 'https:\/\/api\.example\.com/)
	expect(curl.stdout).toContain('"$UPSTREAM_KEY"')
	expect([told.stdout, stdout, curl.stdout].filter(text => text.includes(key))).toEqual([])
})

test('inspect says where the bodies are, or why they are not', async () => {
	expect((await folder.run('inspect', 'req_recorded')).stdout).toContain('inspect req_recorded --payloads')
	for (const option of ['--payloads', '--curl']) {
		const { code, stderr } = await folder.run('inspect', 'req_unrecorded', option)
		expect(code).toBe(3)
		expect(stderr).toContain('not recorded')
		expect(stderr).toContain('settings set recording.mode all')
	}
	expect(await folder.run('inspect', 'req_recorded', '--payloads', '--curl')).toMatchObject({ code: 2 })
})
