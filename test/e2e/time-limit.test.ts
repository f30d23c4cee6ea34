import { afterEach, describe, expect, test } from 'vitest'
import { call, hello, readEvents } from '../support/call.ts'
import { startProxy } from '../support/proxy.ts'
import { startAnthropicUpstream, startOpenAiUpstream } from '../support/upstreams/index.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
	for (const close of closing.splice(0).reverse()) await close()
})

const keys = ['sk-first-key-0123456789', 'sk-second-key-012345678']

async function startWith(type: 'openai' | 'claude', adapter: 'node' | 'fetch') {
	const proxy = await startProxy({ MAX_DURATION: '1' }, adapter)
	closing.push(() => proxy.close())
	const upstream =
		type === 'openai' ? await startOpenAiUpstream({ keys }) : await startAnthropicUpstream({ keys })
	closing.push(() => upstream.close())
	await proxy.use({ type, baseUrl: upstream.url }, keys)
	return { proxy, upstream }
}

const message = expect.stringContaining('MAX_DURATION')

describe.each(['node', 'fetch'] as const)(
	'where a request may take a second only, over the %s adapter',
	adapter => {
		test.each(['openai', 'claude'] as const)(
			'a stream of type %s that takes longer ends with an error event that says so',
			async type => {
				const { proxy, upstream } = await startWith(type, adapter)
				upstream.script({ text: ['some ', 'more'], stallAfterEvents: type === 'openai' ? 2 : 4 })
				const answer = await call(proxy, { ...hello, model: modelOf[type], stream: true })
				const events = readEvents(answer.text)
				expect(answer.status).toBe(200)
				expect(answer.text).toContain('some ')
				expect(events.at(-1)).toMatchObject({ type: 'error', error: { type: 'timeout_error', message } })
				expect(events.map(event => event.type)).not.toContain('message_stop')
				await proxy.services.requestLog.flush()
				const rows = await proxy.services.database.execute('SELECT status, outcome FROM request_log')
				expect(rows).toMatchObject([{ status: 200, outcome: 'timeout' }])
			},
		)

		test.each([false, true])(
			'an answer that has not begun (stream: %s) is a 504 that no other key repeats and no key is blamed for',
			async stream => {
				const { proxy, upstream } = await startWith('openai', adapter)
				upstream.script({ fault: 'hang' })
				const answer = await call(proxy, { ...hello, model: modelOf.openai, stream })
				expect(answer).toMatchObject({
					...{ status: 504, body: { type: 'error', error: { type: 'timeout_error', message } } },
				})
				expect(answer.headers.get('x-should-retry')).toBe('false')
				expect(upstream.requests).toHaveLength(1)
				await proxy.services.config.flush()
				await proxy.services.requestLog.flush()
				expect(await proxy.services.database.execute('SELECT * FROM key_states')).toEqual([])
				expect(await proxy.services.database.execute('SELECT status, outcome FROM request_log')).toEqual([
					{ status: 504, outcome: 'timeout' },
				])
			},
		)

		test('one that is quick enough is not touched', async () => {
			const { proxy } = await startWith('openai', adapter)
			expect((await call(proxy, { ...hello, model: modelOf.openai })).status).toBe(200)
		})
	},
)

const modelOf = { openai: 'gpt-4o', claude: 'claude-sonnet-5-5' } as const
