import { z } from 'zod'
import type { RequestRecord } from '../ports.ts'
import { nameClient } from '../usage/client-family.ts'
import { costMicros, type FindPrice } from '../usage/cost.ts'

const text = z.string()
const milliseconds = z.int().nullable()

const viewFields = {
	id: text.meta({ example: 'req_0198c2f4a1b2c3d4e5f60718293a4b5c' }),
	at: z.int().meta({ description: 'When it arrived, epoch ms by the database’s clock.' }),
	outcome: z.enum(['ok', 'failed', 'cancelled', 'refused']).meta({
		description: '`cancelled`: the client left. `refused`: the proxy itself did not take it.',
	}),
	status: z.int().meta({ description: 'What the client got; 499 when it left.' }),
	class: text.nullable().meta({ description: 'Of a failure: the class of the last one, or `refused`.' }),
	upstreamId: text.nullable(),
	upstreamName: text.nullable(),
	keyId: text.nullable(),
	keyMask: text.nullable(),
	model: text.meta({ description: 'As the client asked.' }),
	upstreamModel: text.meta({ description: 'As sent upstream.' }),
	answeredModel: text.nullable().meta({ description: 'As the answer says.' }),
	stream: z.boolean(),
	stopReason: text.nullable(),
	firstByteMs: milliseconds.meta({ description: 'From arrival until the head of the last answer.' }),
	firstContentMs: milliseconds.meta({ description: 'From arrival.' }),
	totalMs: z.int(),
	usage: z
		.object({
			inputTokens: z.int().meta({ description: 'Without what a cache had or got.' }),
			outputTokens: z.int().meta({ description: 'Reasoning included.' }),
			cacheReadTokens: z.int(),
			cacheWriteTokens: z.int(),
			reasoningTokens: z.int(),
		})
		.nullable()
		.meta({ description: 'Null when the upstream told none.' }),
	costMicros: z.int().nullable().meta({
		description: 'Millionths of a US dollar by today’s prices; null where no price is known.',
	}),
	attempts: z.int(),
	notes: z.int().meta({ description: 'How much was changed on the way.' }),
	toolCalls: z.int(),
	client: text.meta({ description: 'The kind of client, by its user agent.', example: 'Claude Code' }),
	sessionId: text,
	source: z.enum(['client', 'playground', 'probe']),
	recorded: z.boolean().meta({ description: 'Its bodies were kept.' }),
	errorMessage: text,
}

export const requestViewSchema = z.object(viewFields).meta({ id: 'Request' })
export type RequestView = z.infer<typeof requestViewSchema>

export const requestDetailSchema = z
	.object({
		...viewFields,
		attempts: z.array(
			z.object({
				...{ upstreamId: text, keyId: text, keyMask: text, status: z.int(), outcome: text, message: text },
				decision: z.enum(['answered', 'next key', 'repaired', 'gave up', 'cancelled']),
				ms: z.int().meta({ description: 'How long it took.' }),
				url: text.nullable().meta({ description: 'Of an attempt that failed.' }),
				startMs: milliseconds.meta({ description: 'Since arrival.' }),
				connectMs: milliseconds.meta({ description: 'Null where a connection was kept from before.' }),
				firstByteMs: milliseconds.meta({ description: 'Since its start.' }),
			}),
		),
		notes: z.array(z.object({ field: text, action: text, detail: text })),
		times: z.object({
			queueMs: milliseconds.meta({ description: 'Waiting for its turn, before it arrived at the rest.' }),
			selectMs: milliseconds.meta({ description: 'Until the first attempt began.' }),
			connectMs: milliseconds,
			firstByteMs: milliseconds,
			firstContentMs: milliseconds,
			totalMs: z.int(),
		}),
		bytes: z.object({ in: z.int(), out: z.int() }),
		userAgent: text,
		accessKeyId: text.nullable(),
	})
	.meta({ id: 'RequestDetail' })
export type RequestDetail = z.infer<typeof requestDetailSchema>

/** A request as the database layer reads it. */
export type RequestSource = RequestRecord & { recorded: boolean }

export function toRequestView(request: RequestSource, findPrice: FindPrice): RequestView {
	const { outcome, usage, attempts, notes } = request
	const isFailure = outcome !== 'ok' && outcome !== 'cancelled'
	const tokens = usage && readTokens(usage)
	const price = tokens && findPrice(request.upstreamModel)
	return {
		...{ id: request.id, at: request.at, status: request.status },
		outcome: isFailure && outcome !== 'refused' ? 'failed' : outcome === 'refused' ? 'refused' : outcome,
		class: isFailure ? outcome : null,
		upstreamId: request.upstreamId ?? null,
		upstreamName: request.upstreamName ?? null,
		keyId: request.keyId ?? null,
		keyMask: request.keyMask ?? null,
		model: request.model,
		upstreamModel: request.upstreamModel,
		answeredModel: request.answeredModel ?? null,
		stream: request.stream,
		stopReason: request.stopReason ?? null,
		firstByteMs: readFirstByte(request),
		firstContentMs: request.firstContentMs ?? null,
		totalMs: request.totalMs,
		usage: tokens ? describeTokens(tokens) : null,
		costMicros: tokens && price ? Math.round(costMicros(tokens, price)) : null,
		attempts: attempts.length,
		notes: notes.length,
		toolCalls: request.toolCalls ?? 0,
		client: nameClient(request.userAgent),
		sessionId: request.sessionId,
		source: request.source ?? 'client',
		recorded: request.recorded,
		errorMessage: request.errorMessage,
	}
}

export function toRequestDetail(request: RequestSource, findPrice: FindPrice): RequestDetail {
	const view = toRequestView(request, findPrice)
	const { attempts, notes } = request
	return {
		...view,
		attempts: attempts.map(
			({ url = null, startMs = null, connectMs = null, firstByteMs = null, ...attempt }) => ({
				...{ ...attempt, url, startMs, connectMs, firstByteMs },
			}),
		),
		notes: notes.map(({ field, action, detail }) => ({ field, action, detail })),
		times: {
			queueMs: request.queueMs ?? null,
			selectMs: attempts[0]?.startMs ?? null,
			connectMs: attempts.at(-1)?.connectMs ?? null,
			...{ firstByteMs: view.firstByteMs, firstContentMs: view.firstContentMs, totalMs: view.totalMs },
		},
		bytes: { in: request.bytesIn ?? 0, out: request.bytesOut ?? 0 },
		userAgent: request.userAgent,
		accessKeyId: request.accessKeyId ?? null,
	}
}

function readFirstByte({ attempts }: RequestRecord): number | null {
	const last = attempts.at(-1)
	return last?.firstByteMs === undefined ? null : (last.startMs ?? 0) + last.firstByteMs
}

function readTokens(usage: NonNullable<RequestRecord['usage']>) {
	return {
		input: usage.input_tokens,
		output: usage.output_tokens,
		cacheRead: usage.cache_read_input_tokens ?? 0,
		cacheWrite: usage.cache_creation_input_tokens ?? 0,
		reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
	}
}

function describeTokens(tokens: ReturnType<typeof readTokens>): NonNullable<RequestView['usage']> {
	return {
		inputTokens: tokens.input,
		outputTokens: tokens.output,
		cacheReadTokens: tokens.cacheRead,
		cacheWriteTokens: tokens.cacheWrite,
		reasoningTokens: tokens.reasoning,
	}
}
