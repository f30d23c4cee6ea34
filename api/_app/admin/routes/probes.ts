import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import { z } from 'zod'
import type { UpstreamSnapshot } from '../../../../core/config/snapshot.ts'
import { probeUpstream } from '../../../../core/proxy/probe.ts'
import { maxProbesAtOnce, probeUpstreams } from '../../../../core/proxy/probe-all.ts'
import { probeResultSchema } from '../../../../core/proxy/probe-result.ts'
import type { AppServices } from '../../services.ts'
import { AdminError, errorResponses } from '../errors.ts'
import { findSnapshot } from '../find-snapshot.ts'
import { jsonAnswer, jsonBody } from '../json.ts'
import { type AdminEnv, createAdminRouter } from '../router.ts'

const probeOptions = {
	model: z
		.string()
		.min(1)
		.max(200)
		.optional()
		.meta({ description: 'As a client would ask: the map applies.' }),
	timeoutMs: z.int().min(100).max(120_000).optional().meta({ description: '30 s unless told.' }),
}

const probeOne = createRoute({
	method: 'post',
	path: '/upstreams/{id}/probe',
	operationId: 'probeUpstream',
	tags: ['Probes'],
	summary: 'Send one tiny message to an upstream and tell what came of it',
	description: 'Any answer of the upstream is a 200 here. Key health and learned facts stay as they are.',
	request: {
		params: z.object({ id: z.string() }),
		body: jsonBody(z.strictObject({ ...probeOptions, keyId: z.string().min(1).max(100).optional() })),
	},
	responses: { 200: jsonAnswer('What came of it', probeResultSchema), ...errorResponses(400, 404) },
})

const probeMany = createRoute({
	method: 'post',
	path: '/probes',
	operationId: 'probeUpstreams',
	tags: ['Probes'],
	summary: 'Probe several upstreams, or all that are enabled; results are streamed as they come',
	description:
		'Events: `started` `{total}`, one `result` per upstream (a ProbeResult), `done` `{ok, failed}`. Probes stop when the client leaves.',
	request: {
		body: jsonBody(
			z.strictObject({
				...probeOptions,
				upstreamIds: z.array(z.string().min(1).max(100)).max(1000).optional(),
				concurrency: z.int().min(1).max(maxProbesAtOnce).optional(),
			}),
		),
	},
	responses: {
		200: {
			description: 'The events',
			content: { 'text/event-stream': { schema: z.string() } },
		},
		...errorResponses(400, 404),
	},
})

/** Silence after which a comment is sent, so that nothing on the way takes the connection for dead. */
const keepAliveMs = 10_000

/** The latency test. */
export function createProbeRoutes(services: AppServices) {
	return createAdminRouter()
		.openapi(probeOne, async context => {
			const { upstream } = await findSnapshot(services, context.req.valid('param').id)
			const options = context.req.valid('json')
			if (options.keyId !== undefined && !upstream.keys.some(({ id }) => id === options.keyId)) {
				throw new AdminError(404, 'not-found', 'the upstream has no such key')
			}
			const { signal } = context.req.raw
			return context.json(await probeUpstream(services.proxy, upstream, { ...options, signal }), 200)
		})
		.openapi(probeMany, async context => {
			const { upstreamIds, ...options } = context.req.valid('json')
			const upstreams = await findUpstreams(services, upstreamIds)
			return streamProbes(services, context, upstreams, options)
		})
}

async function findUpstreams(
	services: AppServices,
	ids: readonly string[] | undefined,
): Promise<UpstreamSnapshot[]> {
	if (ids === undefined) return (await services.config.current()).upstreams.filter(({ enabled }) => enabled)
	const unique = [...new Set(ids)]
	return Promise.all(unique.map(async id => (await findSnapshot(services, id)).upstream))
}

function streamProbes(
	services: AppServices,
	context: Context<AdminEnv>,
	upstreams: readonly UpstreamSnapshot[],
	options: { model?: string | undefined; timeoutMs?: number | undefined; concurrency?: number | undefined },
): Response {
	// nginx buffers event streams unless told not to.
	context.header('x-accel-buffering', 'no')
	return streamSSE(context, async stream => {
		const leaving = new AbortController()
		const leave = () => leaving.abort()
		stream.onAbort(leave)
		context.req.raw.signal.addEventListener('abort', leave)
		const send = (event: string, data: object) => stream.writeSSE({ event, data: JSON.stringify(data) })
		const keepAlive = setInterval(() => void stream.write(': keep-alive\n\n'), keepAliveMs)
		try {
			await send('started', { total: upstreams.length })
			const results = await probeUpstreams(services.proxy, upstreams, {
				...{ ...options, signal: leaving.signal },
				onResult: result => void send('result', result),
			})
			const ok = results.filter(result => result.ok).length
			if (!leaving.signal.aborted) await send('done', { ok, failed: results.length - ok })
		} finally {
			clearInterval(keepAlive)
			context.req.raw.signal.removeEventListener('abort', leave)
		}
	})
}
