import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startWebhookReceiver } from '../test/support/webhook-receiver.ts'
import { type CliFolder, createCliFolder } from './test-support/cli-folder.ts'

let folder: CliFolder
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>
beforeEach(async () => {
	folder = createCliFolder()
	receiver = await startWebhookReceiver(`whsec_${randomBytes(24).toString('base64')}`)
})
afterEach(async () => {
	folder.remove()
	await receiver.close()
})

const ask = async (...words: string[]) =>
	JSON.parse((await folder.run('webhook', ...words, '--json')).stdout).data

describe('webhook', () => {
	test('adds one, tells its secret once, sends a message, and removes it', async () => {
		expect((await folder.run('webhook')).stdout).toContain('nobody is told of incidents')
		const { secret } = await ask('add', 'pager', receiver.url, '--event', 'key-demoted')
		expect(secret).toMatch(/^whsec_/)
		const listed = (await folder.run('webhook')).stdout
		expect(listed).toMatch(/pager +http:\/\/127\.0\.0\.1:\d+\/•••• +key-demoted +never sent/)
		expect(listed).not.toContain(secret)
		expect(await ask('test', 'Pager')).toMatchObject({ ok: true, status: 204 })
		expect(receiver.received).toMatchObject([{ type: 'test', data: { webhook: 'pager' } }])
		receiver.answer(500)
		expect(await folder.run('webhook', 'test', 'pager')).toMatchObject({
			code: 1,
			stdout: expect.stringContaining('answered with 500'),
		})
		await folder.run('webhook', 'remove', 'pager')
		expect((await ask()).webhooks).toEqual([])
	})

	test.each([
		[['add', 'x', 'ftp://h/'], 2, /http:\/\/ or https:\/\//],
		[['add', 'x', 'http://127.0.0.1:9/', '--event', 'nothing'], 2, /events/],
		[['add', 'x'], 2, /takes a name and a URL/],
		[['test', 'nobody'], 3, /there is no webhook "nobody"/],
	])('%j is refused with a reason', async (words, code, reason) => {
		const result = await folder.run('webhook', ...words)
		expect(result.code).toBe(code)
		expect(result.stderr).toMatch(reason)
	})
})
