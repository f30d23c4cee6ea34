import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSseParser } from '../../core/messages/sse-parser.ts'
import { probeResultSchema } from '../../core/proxy/probe-result.ts'
import { askAdmin } from '../support/admin.ts'
import { accessKey, startProxy, type TestProxy } from '../support/proxy.ts'
import { type ScriptedUpstream, startOpenAiUpstream } from '../support/upstreams/index.ts'

const good = 'sk-good-0123456789-good'
const bad = 'sk-bad-0123456789-badd'

describe.each(['node', 'fetch'] as const)('over the %s adapter', adapter => {
	let proxy: TestProxy
	let upstream: ScriptedUpstream
	let id: string
	let keyIds: string[]

	beforeEach(async () => {
		;[proxy, upstream] = await Promise.all([startProxy({}, adapter), startOpenAiUpstream({ keys: [good] })])
		;({ id, keyIds } = await add('main', [good, bad]))
	})
	afterEach(() => Promise.all([proxy.close(), upstream.close()]))

	const ask = (method: string, path: string, body?: unknown) => askAdmin(proxy, method, path, body)

	async function add(name: string, keys: string[], changes = {}) {
		const input = {
			name,
			type: 'openai',
			baseUrl: upstream.url,
			keys,
			modelMap: { haiku: 'gpt-4o' },
			...changes,
		}
		const { body } = await ask('POST', '/upstreams', input)
		return { id: body.id as string, keyIds: body.added.map((key: { id: string }) => key.id) as string[] }
	}

	/** The events of a stream, until `until` says enough; then the client leaves. */
	async function readProbes(body: unknown, until: () => Promise<boolean> = async () => false) {
		const leaving = new AbortController()
		const response = await fetch(`${proxy.url}/api/probes`, {
			method: 'POST',
			headers: { authorization: `Bearer ${accessKey}`, 'content-type': 'application/json' },
			body: JSON.stringify(body),
			signal: leaving.signal,
		})
		const text: string[] = []
		const events: Record<string, unknown>[] = []
		const parser = createSseParser(
			data => void events.push(JSON.parse(data)),
			() => {},
		)
		for await (const chunk of response.body ?? []) {
			text.push(new TextDecoder().decode(chunk))
			parser.feed(chunk)
			if (await until()) break
		}
		leaving.abort()
		const names = [...text.join('').matchAll(/^event: (\w+)$/gm)].map(([, name = '']) => name)
		return { response, events: events.map((data, index) => ({ event: names[index], data })) }
	}

	test('one upstream is probed, and key health stays as it is', async () => {
		const before = (await ask('GET', `/upstreams/${id}`)).body.upstream.keys
		const fine = await ask('POST', `/upstreams/${id}/probe`, {})
		expect(fine.status).toBe(200)
		expect(probeResultSchema.parse(fine.body)).toMatchObject({
			...{ ok: true, status: 200, class: 'ok', upstreamName: 'main', keyId: keyIds[0], model: 'gpt-4o' },
			...{ answeredModel: 'gpt-4o', url: `${upstream.url}/v1/chat/completions` },
		})
		const refused = await ask('POST', `/upstreams/${id}/probe`, {
			keyId: keyIds[1],
			model: 'claude-haiku-4-5',
		})
		expect(refused.body).toMatchObject({ ok: false, status: 401, class: 'auth', keyId: keyIds[1] })
		expect(JSON.stringify([fine.body, refused.body])).not.toMatch(/0123456789/)
		await proxy.services.config.flush()
		expect((await ask('GET', `/upstreams/${id}`)).body.upstream.keys).toEqual(before)
	})

	test.each([
		['/upstreams/up_none/probe', {}, 404, undefined],
		['/upstreams/:id/probe', { keyId: 'key_none' }, 404, undefined],
		['/upstreams/:id/probe', { timeoutMs: 5 }, 400, 'timeoutMs'],
		['/upstreams/:id/probe', { key: 'x' }, 400, ''],
		['/probes', { concurrency: 9 }, 400, 'concurrency'],
		['/probes', { upstreamIds: ['up_none'] }, 404, undefined],
		['/upstreams/preview', { type: 'nosuch', baseUrl: 'https://h' }, 400, 'type'],
		['/upstreams/preview', { type: 'openai', baseUrl: 'nowhere' }, 400, 'baseUrl'],
	])('%s with %j is refused', async (path, body, status, field) => {
		const answer = await ask('POST', path.replace(':id', id), body)
		expect(answer.status).toBe(status)
		expect(answer.body.error.fields?.[0]?.path).toBe(field)
	})

	test('several are probed as a stream of events; those that are off only when named', async () => {
		const other = await add('other', [bad])
		const off = await add('off', [good], { enabled: false })
		const { response, events } = await readProbes({ concurrency: 2 })
		expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
		expect(events.map(({ event }) => event)).toEqual(['started', 'result', 'result', 'done'])
		expect(events[0]!.data).toEqual({ total: 2 })
		const results = events.slice(1, 3).map(({ data }) => probeResultSchema.parse(data))
		expect(new Map(results.map(({ upstreamId, ok }) => [upstreamId, ok]))).toEqual(
			new Map([
				[id, true],
				[other.id, false],
			]),
		)
		expect(events[3]!.data).toEqual({ ok: 1, failed: 1 })
		const named = await readProbes({ upstreamIds: [off.id, off.id] })
		expect(named.events.map(({ event }) => event)).toEqual(['started', 'result', 'done'])
	})

	test('probes stop when the client leaves', async () => {
		for (let count = 0; count < 5; count++) await add(`more ${count}`, [good])
		upstream.script({ fault: 'hang' }, { fault: 'hang' })
		await readProbes({ concurrency: 2 }, async () => (await upstream.waitForRequest(2)) !== undefined)
		await upstream.waitForAbort(2)
		expect(upstream.requests).toHaveLength(2)
	})

	test('the models of an upstream are asked for now', async () => {
		const listed = await ask('GET', `/upstreams/${id}/models`)
		expect(listed.body.source).toBe('upstream')
		expect(listed.body.models).toEqual(expect.arrayContaining([{ id: 'gpt-4o' }]))
		upstream.scriptRoute('models', { fault: { status: 404 } })
		const mapped = await ask('GET', `/upstreams/${id}/models`)
		expect(mapped.body).toEqual({ models: [{ id: 'gpt-4o' }], source: 'map' })
		const refused = await add('refused', [bad])
		const failed = await ask('GET', `/upstreams/${refused.id}/models`)
		expect(failed.status).toBe(502)
		expect(failed.body.error).toMatchObject({ code: 'failed', class: 'auth', upstreamStatus: 401 })
		expect(JSON.stringify(failed.body)).not.toContain(bad)
	})

	test('the URLs of an upstream are shown before it is saved', async () => {
		const preview = async (body: object) => (await ask('POST', '/upstreams/preview', body)).body
		expect(await preview({ type: 'openai', baseUrl: 'https://h.example' })).toEqual({
			messagesUrl: 'https://h.example/v1/chat/completions',
			modelsUrl: 'https://h.example/v1/models',
		})
		expect(await preview({ type: 'gemini', baseUrl: 'https://h.example' })).toMatchObject({
			messagesUrl: 'https://h.example/v1beta/models/<model>:streamGenerateContent?alt=sse',
		})
		const hiding = await preview({ type: 'claude', baseUrl: `https://me:pass@h.example/x#`, model: 'm' })
		expect(hiding.messagesUrl).toBe('https://••••@h.example/x/messages')
	})
})
