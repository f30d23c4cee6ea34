import type { ConvertedRequest, ResponseContext } from '../../core/upstreams/contract.ts'
import { openai, openaiold } from '../../core/upstreams/openai/index.ts'
import type { ChatRequest, Dialect } from '../../core/upstreams/openai/wire.ts'
import { type ConvertOptions, convertWith, type Reading, readAnswerOf, readStreamOf } from './conversion.ts'
import { checkMessages } from './upstreams/openai/message-rules.ts'
import { checkCombinations, checkModelRules, checkTools } from './upstreams/openai/rules.ts'
import {
	oldRequestSchema,
	requestSchema,
	type ChatRequest as StrictRequest,
} from './upstreams/openai/schema.ts'

/** For tests of the OpenAI types: conversions, answers as Chat Completions sends them, the strict upstream's rules. */
export { ask, readWithSdk } from './conversion.ts'

export function readStream(chunks: readonly unknown[], changes?: Partial<ResponseContext>): Reading {
	return readStreamOf(openai, chunks, changes)
}

export function readAnswer(body: unknown, changes?: Partial<ResponseContext>) {
	return readAnswerOf(openai, body, changes)
}

export function delta(fields: object, finishReason: string | null = null, more: object = {}) {
	const choices = [{ index: 0, delta: fields, finish_reason: finishReason }]
	return { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'gpt-4o', choices, ...more }
}

export function callDelta(fragment: object) {
	return delta({ tool_calls: [fragment] })
}

export function completion(message: object, finishReason: string | null = 'stop', more: object = {}) {
	const choices = [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finishReason }]
	return { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'gpt-4o', choices, ...more }
}

export interface Conversion extends ConvertedRequest {
	body: ChatRequest
}

export function convert(
	request: Record<string, unknown>,
	options: ConvertOptions & { dialect?: Dialect } = {},
): Conversion {
	return convertWith(options.dialect === 'openaiold' ? openaiold : openai, request, options)
}

/** Throws what the strict upstream of the tests would refuse, by the same checks in the same order. */
export function expectAccepted(body: unknown, dialect: Dialect): void {
	const checked = (dialect === 'openai' ? requestSchema : oldRequestSchema).parse(body) as StrictRequest
	checkCombinations(checked)
	checkTools(checked)
	checkMessages(checked.messages)
	if (dialect === 'openai') checkModelRules(checked)
}
