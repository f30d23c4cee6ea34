import type { Page } from 'playwright-core'

const text = [
	'Oslo is at 4 °C with light rain, and the wind comes from the north-west. ',
	'Take a jacket that keeps the rain out; it stays like this until the evening.',
]
const thinking =
	'The user wants the present weather. There is a tool for that, so I call it instead of guessing. The unit is not given; in Norway people use Celsius.'

/** An answer as the proxy streams it: thinking, a text, a call of a tool. */
export const events: Record<string, unknown>[] = [
	{
		type: 'message_start',
		message: {
			...{ id: 'msg_shot', type: 'message', role: 'assistant', model: 'kimi-k3', content: [] },
			...{ stop_reason: null, stop_sequence: null, usage: { input_tokens: 412, output_tokens: 0 } },
		},
	},
	...block(0, { type: 'thinking', thinking: '', signature: '' }, { type: 'thinking_delta', thinking }),
	...block(1, { type: 'text', text: '' }, ...text.map(part => ({ type: 'text_delta', text: part }))),
	...block(
		2,
		{ type: 'tool_use', id: 'toolu_01Hc7', name: 'get_weather', input: {} },
		{ type: 'input_json_delta', partial_json: '{"city":"Oslo","unit":"celsius"}' },
	),
	{
		type: 'message_delta',
		delta: { stop_reason: 'tool_use', stop_sequence: null },
		usage: { input_tokens: 412, output_tokens: 188 },
	},
	{ type: 'message_stop' },
]

function block(index: number, content_block: object, ...deltas: object[]) {
	return [
		{ type: 'content_block_start', index, content_block },
		...deltas.map(delta => ({ type: 'content_block_delta', index, delta })),
		{ type: 'content_block_stop', index },
	]
}

/** Answers what the playground sends from here on, except dry runs; the upstreams of the pictures are made up. */
export async function answerPlayground(
	page: Page,
	failure?: { status: number; body: object },
): Promise<void> {
	const { requests } = await (
		await page.request.get(new URL('/api/requests?outcome=ok&limit=1', page.url()).href)
	).json()
	await page.route('**/api/playground', route => {
		if (route.request().postDataJSON().dryRun === true) return route.continue()
		const headers = { 'x-claude-proxy-request-id': failure ? 'req_unknown' : requests[0].id }
		if (failure) return route.fulfill({ status: failure.status, json: failure.body, headers })
		const body = events.map(event => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
		return route.fulfill({ body, headers: { ...headers, 'content-type': 'text/event-stream' } })
	})
}

/** Fills in the example with a tool and sends it. */
export async function runPlayground(page: Page, failure?: { status: number; body: object }): Promise<void> {
	await answerPlayground(page, failure)
	await page.getByRole('button', { name: /^(Tool call|工具调用)$/ }).click()
	await page.getByRole('button', { name: /^(Run|运行)$/ }).click()
	await page
		.getByText(failure ? /overloaded/ : /get_weather/)
		.last()
		.waitFor()
	await page.waitForLoadState('networkidle')
}
