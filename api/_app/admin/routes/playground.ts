import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import type { KeySnapshot, Snapshot, UpstreamSnapshot } from '../../../../core/config/snapshot.ts'
import { convertAnswerText } from '../../../../core/proxy/convert-answer.ts'
import { dryRunRequest } from '../../../../core/proxy/dry-run.ts'
import type { HeaderMap } from '../../../../core/upstreams/contract.ts'
import { runRequest } from '../../playground/run-request.ts'
import type { AppServices } from '../../services.ts'
import { AdminError, errorResponses } from '../errors.ts'
import { findAdapterOf, findSnapshot } from '../find-snapshot.ts'
import { jsonAnswer, jsonBody } from '../json.ts'
import { createAdminRouter } from '../router.ts'
import { keyId, upstreamId, upstreamType } from '../schemas.ts'

const tags = ['Playground']

const messagesRequest = z.record(z.string(), z.unknown()).meta({
	description: 'As a client would send it to `POST /v1/messages`.',
	example: { model: 'claude-opus-5' },
})

/** What a client may say besides the body. */
const clientHeaders = z
	.record(z.string().regex(/^anthropic-[a-z-]{1,40}$/), z.string().max(1000))
	.optional()
	.meta({ description: '`anthropic-beta` and the like.' })

const noteSchema = z.object({ field: z.string(), action: z.string(), detail: z.string() })

const dryRunSchema = z
	.object({
		upstreamId: z.string(),
		model: z.string(),
		upstreamModel: z.string(),
		stream: z.boolean(),
		request: z.object({
			method: z.string(),
			url: z.string(),
			headers: z.record(z.string(), z.string()).meta({ description: 'Keys are masked.' }),
			body: z.string().meta({ description: 'To the byte what would be sent.' }),
		}),
		notes: z.array(noteSchema).meta({ description: 'What the conversion changed or left out.' }),
		curl: z.string().meta({ description: 'To paste into a shell, with `$UPSTREAM_KEY` for the key.' }),
	})
	.meta({ id: 'DryRun' })

const runPlayground = createRoute({
	...{ method: 'post', path: '/playground', operationId: 'runPlayground', tags },
	summary: 'Send a Messages request as a client would, or see what would be sent',
	description: `With \`dryRun\` nothing is sent. Otherwise the answer is the one that a client would get, whatever its status, as
JSON or as events; the header \`x-claude-proxy-request-id\` tells it from a refusal of this API and names the request in the log.
It counts for the health of keys, unless \`keyId\` names the key to use.`,
	request: {
		body: jsonBody(
			z.strictObject({
				upstreamId: upstreamId
					.optional()
					.meta({ description: 'The current one unless told; it may be switched off.' }),
				keyId: keyId.optional().meta({ description: 'A key of `upstreamId`; it may be paused, or cooling.' }),
				request: messagesRequest,
				headers: clientHeaders,
				dryRun: z.boolean().optional(),
			}),
		),
	},
	responses: {
		200: {
			description: 'The dry run, or the answer',
			content: {
				'application/json': {
					schema: z.union([dryRunSchema, z.looseObject({ type: z.literal('message') })]),
				},
				'text/event-stream': { schema: z.string() },
			},
		},
		...errorResponses(400, 404, 409),
	},
})

const convertAnswer = createRoute({
	...{ method: 'post', path: '/playground/convert-answer', operationId: 'convertAnswer', tags },
	summary: 'Convert an upstream’s answer into the one that a client would get; nothing is sent',
	request: {
		body: jsonBody(
			z.strictObject({
				upstreamType,
				answer: z.string().meta({ description: 'JSON, or server-sent events.' }),
				status: z.int().min(200).max(599).optional().meta({ description: 'The answer’s; 200 unless told.' }),
				stream: z.boolean().optional().meta({ description: 'Whether the client wants events.' }),
				request: messagesRequest.optional(),
			}),
		),
	},
	responses: {
		200: jsonAnswer(
			'What the client would get',
			z.object({
				...{ ok: z.boolean(), status: z.int(), contentType: z.string(), body: z.string() },
				notes: z.array(noteSchema),
				usage: z.looseObject({}).nullable(),
				stopReason: z.string().nullable(),
				problem: z.string().nullable(),
			}),
		),
		...errorResponses(400),
	},
})

export function createPlaygroundRoutes(services: AppServices) {
	return createAdminRouter()
		.openapi(runPlayground, async context => {
			const { request, headers = {}, dryRun, ...wanted } = context.req.valid('json')
			const target = await findTarget(services, wanted)
			if (dryRun) return context.json(describeDryRun(services, target, request, headers), 200)
			const { signal } = context.req.raw
			const body = new TextEncoder().encode(JSON.stringify(request))
			const all = { ...playgroundHeaders, ...headers }
			return runRequest(services, { body, headers: all, query: '', signal }, target)
		})
		.openapi(convertAnswer, context => {
			const { upstreamType: type, stream = false, ...given } = context.req.valid('json')
			const converted = convertAnswerText({ adapter: findAdapterOf(services, type), stream, ...given })
			const { usage = null, stopReason = null, problem = null, ...rest } = converted
			return context.json({ ...rest, usage, stopReason, problem }, 200)
		})
}

const playgroundHeaders: HeaderMap = {
	'anthropic-version': '2023-06-01',
	'content-type': 'application/json',
	'user-agent': 'claude-proxy playground',
}

interface Target {
	snapshot: Snapshot
	upstream: UpstreamSnapshot | undefined
	key: KeySnapshot | undefined
}

/** Whom a request from the admin goes to. */
export async function findTarget(
	services: AppServices,
	wanted: { upstreamId?: string | undefined; keyId?: string | undefined },
): Promise<Target> {
	if (wanted.upstreamId === undefined) {
		if (wanted.keyId === undefined)
			return { snapshot: await services.config.current(), upstream: undefined, key: undefined }
		const message = 'must be given too: a key belongs to an upstream'
		throw new AdminError(400, 'invalid', `upstreamId ${message}`, {
			fields: [{ path: 'upstreamId', message }],
		})
	}
	const { snapshot, upstream } = await findSnapshot(services, wanted.upstreamId)
	const key = upstream.keys.find(({ id }) => id === wanted.keyId)
	if (wanted.keyId !== undefined && !key)
		throw new AdminError(404, 'not-found', 'the upstream has no such key')
	return { snapshot, upstream, key }
}

function describeDryRun(services: AppServices, target: Target, request: unknown, headers: HeaderMap) {
	const { snapshot, key } = target
	const upstream = target.upstream ?? snapshot.upstreams.find(({ id }) => id === snapshot.currentUpstreamId)
	if (!upstream)
		throw new AdminError(409, 'conflict', 'no upstream is current: choose one, or name one in upstreamId')
	const dryRun = dryRunRequest({
		...{ findAdapter: services.proxy.findAdapter, upstream, request, keyId: key?.id },
		headers: { ...playgroundHeaders, ...headers },
		factsOf: model => services.proxy.learnedFacts.of(upstream.id, model),
	})
	return { upstreamId: upstream.id, ...dryRun }
}
