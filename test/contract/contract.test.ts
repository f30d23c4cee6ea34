import { afterAll, describe, expect, test } from 'vitest'
import type { Message, StreamEvent } from '../../core/messages/events.ts'
import type { Note } from '../../core/messages/notes.ts'
import { messageRequestSchema } from '../../core/messages/request.ts'
import { type ConvertingAdapter, RequestRefused } from '../../core/upstreams/contract.ts'
import { findFault, hasWholeInputs } from '../support/events.ts'
import type { ScriptedUpstream } from '../support/upstreams/index.ts'
import { type ContractCase, loadCases } from './cases.ts'
import {
	type AnswerContext,
	decodeEvents,
	gatherMessage,
	hideIds,
	readJsonAnswer,
	readStream,
	readWithSdk,
} from './replay.ts'
import { adapterOf, type ContractType, contractTypes } from './types.ts'

const started: ScriptedUpstream[] = []
afterAll(() => Promise.all(started.map(upstream => upstream.close())))

describe.each(contractTypes)('$name', type => {
	const { cases, problems } = loadCases(type.name)
	const adapter = adapterOf(type)
	const strict = createStrictUpstreams(
		type,
		cases.map(one => one.request.model),
	)

	if (type.leastCases !== undefined) {
		test(`has at least ${type.leastCases} cases`, () => {
			expect(cases.length).toBeGreaterThanOrEqual(Number(type.leastCases))
		})
	}

	test('every folder can be read', () => {
		expect(problems).toEqual([])
	})

	for (const one of cases) {
		describe(one.name, () => {
			const { refused } = one.upstreamRequest
			if (refused) {
				test('the request is refused', () => expectRefused(adapter, type, one))
				return
			}
			test('the request leaves as it should', () => {
				const { outgoing } = convert(adapter, type, one)
				expect(JSON.parse(String(outgoing.body))).toEqual(one.upstreamRequest)
			})
			if (one.settings.unchecked === undefined) {
				test('the strict upstream accepts the request', () => expectAccepted(adapter, type, one, strict))
			}
			if (one.answer !== undefined) {
				test('the JSON answer becomes the message', () => checkJsonAnswer(adapter, type, one))
			}
			if (one.stream !== undefined) {
				test('the stream becomes the message, however it is cut', () => checkStream(adapter, type, one))
			}
			if (one.settings.notes && one.message) {
				test('the notes tell what changed', () => checkNotes(adapter, type, one))
			}
			test('is complete', () => {
				expect(one.settings.type ?? type.name).toBe(type.name)
				expect(one.answer !== undefined || one.stream !== undefined, 'has an answer').toBe(true)
				expect([one.message, one.error].filter(Boolean), 'message.json or error.json').toHaveLength(1)
			})
		})
	}
})

function convert(adapter: ConvertingAdapter, type: ContractType, { request, settings }: ContractCase) {
	return adapter.buildRequest({
		request: messageRequestSchema.parse(request),
		model: request.model,
		target: { baseUrl: settings.baseUrl ?? type.baseUrl, authStyle: 'auto', extraHeaders: {} },
		stream: request.stream === true,
	})
}

function contextOf(adapter: ConvertingAdapter, type: ContractType, one: ContractCase) {
	const { toolNames, notes } = convert(adapter, type, one)
	const stopSequences = (one.request.stop_sequences ?? []) as string[]
	const context: AnswerContext = { toolNames, stopSequences, model: one.request.model }
	return { context, notes }
}

function expectRefused(adapter: ConvertingAdapter, type: ContractType, one: ContractCase): void {
	const { field, message } = one.upstreamRequest.refused as { field: string; message: string }
	let thrown: unknown
	try {
		convert(adapter, type, one)
	} catch (error) {
		thrown = error
	}
	expect(thrown).toBeInstanceOf(RequestRefused)
	expect(thrown).toMatchObject({ field, message: expect.stringContaining(message) })
}

type StrictUpstreams = (options: Record<string, unknown>) => Promise<ScriptedUpstream>

/** One strict upstream for all cases that want it alike. */
function createStrictUpstreams(type: ContractType, models: readonly string[]): StrictUpstreams {
	const known = new Map<string, Promise<ScriptedUpstream>>()
	const start = async (options: Record<string, unknown>) => {
		const upstream = await type.startUpstream({ models: [...new Set(models)], ...options })
		started.push(upstream)
		return upstream
	}
	return options => {
		const key = JSON.stringify(options)
		const upstream = known.get(key) ?? start(options)
		known.set(key, upstream)
		return upstream
	}
}

async function expectAccepted(
	adapter: ConvertingAdapter,
	type: ContractType,
	one: ContractCase,
	strict: StrictUpstreams,
): Promise<void> {
	const { outgoing } = convert(adapter, type, one)
	const upstream = await strict(one.settings.upstream ?? {})
	// The strict upstream's API begins at the version, wherever the case's base URL puts it.
	const path = outgoing.url.slice(outgoing.url.search(/\/v\d/))
	const target = { baseUrl: upstream.url, authStyle: 'auto', extraHeaders: {} } as const
	const headers = { ...outgoing.headers, ...adapter.authHeaders('sk-test', target) }
	const response = await fetch(`${upstream.url}${path}`, {
		method: outgoing.method,
		headers,
		body: String(outgoing.body),
	})
	expect([response.status, await response.text()]).toEqual([200, expect.any(String)])
}

function checkJsonAnswer(adapter: ConvertingAdapter, type: ContractType, one: ContractCase): void {
	const { context } = contextOf(adapter, type, one)
	const { message, error } = readJsonAnswer(adapter, one.answer, context)
	if (one.error) return expectError(error, one.error)
	expect(error).toBeUndefined()
	expectMessage(message, one)
}

async function checkStream(adapter: ConvertingAdapter, type: ContractType, one: ContractCase): Promise<void> {
	const lf = one.stream as string
	const crlf = lf.replaceAll('\n', '\r\n')
	const { context } = contextOf(adapter, type, one)
	const { sse } = readStream(adapter, lf, context)
	for (const [text, size, how] of [
		[lf, 1, 'byte by byte'],
		[lf, 7, 'in sevens'],
		[crlf, undefined, 'with CRLF'],
		[crlf, 1, 'with CRLF, byte by byte'],
	] as const) {
		expect(readStream(adapter, text, context, size).sse, how).toBe(sse)
	}
	const events = decodeEvents(sse)
	expect(findFault(events)).toBe('')
	if (one.events) expect(hideIds(events)).toEqual(one.events)
	const { message, error } = gatherMessage(events)
	if (one.error) {
		expectError(error, one.error)
		await expect(readWithSdk(sse)).rejects.toThrow()
		return
	}
	expect(error).toBeUndefined()
	expectMessage(message, one)
	await expectSdkAgrees(sse, events, one)
}

function expectError(error: { type: string; message: string } | undefined, expected: ContractCase['error']) {
	expect(error).toMatchObject({
		type: expected?.type,
		message: expect.stringContaining(expected?.message ?? ''),
	})
}

function expectMessage(message: Message | undefined, one: ContractCase): void {
	const { id: _id, type, role, ...rest } = message as Message
	expect(hideIds(rest)).toEqual(one.message)
	expect([type, role]).toEqual(['message', 'assistant'])
	// Claude Code loses the second of two calls with one id.
	const ids = rest.content.flatMap(block => (block.type === 'tool_use' ? [block.id] : []))
	expect(new Set(ids).size).toBe(ids.length)
}

function checkNotes(adapter: ConvertingAdapter, type: ContractType, one: ContractCase): void {
	const { context, notes } = contextOf(adapter, type, one)
	const answers: (readonly Note[])[] = []
	if (one.answer !== undefined) answers.push(readJsonAnswer(adapter, one.answer, context).blocks.notes)
	if (one.stream !== undefined) answers.push(readStream(adapter, one.stream, context).blocks.notes)
	for (const answerNotes of answers) {
		const fields = new Set([...notes, ...answerNotes].map(note => note.field))
		expect([...fields].toSorted()).toEqual(one.settings.notes?.toSorted())
	}
}

/** The SDK throws on arguments that are no JSON: those were streamed before that showed. */
async function expectSdkAgrees(
	sse: string,
	events: readonly StreamEvent[],
	one: ContractCase,
): Promise<void> {
	if (!hasWholeInputs(events)) return
	const read = await readWithSdk(sse)
	expect(hideIds(read)).toMatchObject({
		...one.message,
		usage: { output_tokens: one.message?.usage.output_tokens },
	})
}
