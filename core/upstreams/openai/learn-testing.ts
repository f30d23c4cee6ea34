import type { LearnedFact } from '../../config/learned-facts.ts'
import { readFailure } from './failure.ts'
import { learn } from './learn.ts'

/** For the tests of what refusals teach. */
export const user = { role: 'user', content: 'Hi' }
export const tool = (parameters: object) => ({ type: 'function', function: { name: 'f', parameters } })

/** Everything that a request may hold, to prove that the fact is the one the message names. */
export const full = {
	model: 'm',
	messages: [{ role: 'system', content: 'Be brief.' }, user],
	max_completion_tokens: 128_000,
	temperature: 0.2,
	top_p: 0.9,
	stop: ['x'],
	reasoning_effort: 'xhigh',
	tools: [tool({ type: 'object', properties: { format: { type: 'string', format: 'uri' } } })],
	tool_choice: 'required',
	parallel_tool_calls: false,
	prompt_cache_key: 'k',
	response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: {}, strict: true } },
	stream: true,
	stream_options: { include_usage: true },
}

export function learnFrom(body: unknown, sent: object = full, status = 400) {
	const response = { status, headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body) }
	const outgoing = { method: 'POST' as const, url: 'http://x', headers: {}, body: JSON.stringify(sent) }
	return learn(readFailure(response), outgoing)
}

export const error = (message: string, more: object = {}) => ({
	error: { message, type: 'invalid_request_error', ...more },
})
export const noField = (path: string): LearnedFact => ({ kind: 'no-field', path })
