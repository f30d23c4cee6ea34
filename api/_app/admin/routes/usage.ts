import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { summarizeGroups } from '../../../../core/usage/groups.ts'
import { reportUsage, type UsageReport, writeUsageCsv } from '../../../../core/usage/report.ts'
import { chooseRange, rangeBefore } from '../../../../core/usage/time-range.ts'
import { readUsage, readUsageByKey, readUsageByUpstream } from '../../../../db/index.ts'
import type { AppServices } from '../../services.ts'
import { AdminError, errorResponses } from '../errors.ts'
import { jsonAnswer } from '../json.ts'
import { createAdminRouter } from '../router.ts'
import { epochMs, epochMsParam, flagParam, nameParam } from '../schemas.ts'

const tags = ['Usage']
const count = z.int()

const percentiles = z
	.object({ p50: count, p95: count })
	.nullable()
	.meta({ description: 'Milliseconds, within 2 %; of requests that went well.' })

const figures = {
	...{ requests: count, ok: count, failed: count },
	cancelled: count.meta({ description: 'The client left: no failure.' }),
	...{ inputTokens: count, outputTokens: count, cacheReadTokens: count, cacheWriteTokens: count },
	reasoningTokens: count.meta({ description: 'Part of the output tokens.' }),
	costMicros: count.nullable().meta({
		description: 'Millionths of a US dollar by today’s prices; null where no price is known.',
	}),
	unpriced: count.meta({ description: 'Requests whose model has no price: the cost is without them.' }),
	firstContent: percentiles,
	total: percentiles,
	errors: z.record(z.string(), count).meta({ description: 'Failures by class.' }),
}

const totals = z
	.object({
		...figures,
		cacheHitRate: z.number().nullable().meta({ description: 'Of all input tokens.' }),
		successRate: z.number().nullable().meta({ description: 'Of requests that ended by themselves.' }),
	})
	.meta({ id: 'UsageTotals' })

const share = z
	.object({
		...{ id: z.string(), name: z.string(), requests: count, failed: count, tokens: count },
		costMicros: count.nullable(),
	})
	.meta({ id: 'UsageShare' })

const usageSchema = z
	.object({
		...{ from: epochMs, to: epochMs, bucketMs: count },
		buckets: z.array(z.object({ at: epochMs, ...figures })).meta({
			description: 'Those with any request; each covers [at, at + bucketMs).',
		}),
		totals,
		previous: totals.optional().meta({ description: 'Of the range of the same length before.' }),
		top: z.object({ upstreams: z.array(share), models: z.array(share), keys: z.array(share) }),
		partialUntil: epochMs.nullable().meta({ description: 'Until then everything is counted.' }),
	})
	.meta({ id: 'Usage' })

const query = z.strictObject({
	from: epochMsParam.optional().meta({ description: 'Epoch ms; a day before `to` unless told.' }),
	to: epochMsParam.optional().meta({ description: 'Epoch ms; now unless told.' }),
	upstream: nameParam.optional().meta({ description: 'Id.' }),
	model: nameParam.optional().meta({ description: 'As the client asked or as sent upstream.' }),
	key: nameParam.optional().meta({ description: 'Id.' }),
	compare: flagParam.optional().meta({ description: 'Adds the range before.' }),
})

const description =
	'Buckets are minutes up to 2 hours, quarters of an hour up to 2 days, hours up to 14 days, else days (UTC); the range grows to whole ones.'

const readUsageRoute = createRoute({
	...{ method: 'get', path: '/usage', operationId: 'readUsage', tags },
	summary: 'Requests, tokens, cost and times of a range',
	description,
	request: { query },
	responses: { 200: jsonAnswer('What was used', usageSchema), ...errorResponses(400) },
})

const exportUsage = createRoute({
	...{ method: 'get', path: '/usage.csv', operationId: 'exportUsage', tags },
	summary: 'The same as a table for spreadsheets',
	description,
	request: { query },
	responses: {
		200: { description: 'One row per bucket', content: { 'text/csv': { schema: z.string() } } },
		...errorResponses(400),
	},
})

const group = {
	...{ requests: count, ok: count, failed: count, cancelled: figures.cancelled },
	firstContent: percentiles,
}

const groupSchema = z
	.object({
		id: z.string(),
		...group,
		attemptsFailed: count.optional().meta({
			description: 'Of a key: attempts that failed, those that another key made good among them.',
		}),
	})
	.meta({ id: 'UsageGroup' })

const readDay = createRoute({
	...{ method: 'get', path: '/usage/day', operationId: 'readUsageOfDay', tags },
	summary: 'The last 24 hours by upstream, or of one upstream by key',
	description:
		'Of each that was asked at all: the present hour and the 23 before it, as `traffic` of the status.',
	request: {
		query: z.strictObject({
			upstream: nameParam.optional().meta({ description: 'Id: its keys, one by one.' }),
		}),
	},
	responses: {
		200: jsonAnswer(
			'All together, and one by one',
			z.object({ all: z.object(group), groups: z.array(groupSchema) }).meta({ id: 'UsageOfDay' }),
		),
		...errorResponses(400),
	},
})

export function createUsageRoutes(services: AppServices) {
	return createAdminRouter()
		.openapi(readUsageRoute, async context =>
			context.json(await createReport(services, context.req.valid('query')), 200),
		)
		.openapi(readDay, async context => {
			const { upstream } = context.req.valid('query')
			const { database } = services
			const parts = await (upstream === undefined
				? readUsageByUpstream(database)
				: readUsageByKey(database, upstream))
			return context.json(summarizeGroups(parts), 200)
		})
		.openapi(exportUsage, async context => {
			const report = await createReport(services, context.req.valid('query'))
			const day = (at: number) => new Date(at).toISOString().slice(0, 10)
			context.header('content-disposition', `attachment; filename="usage-${day(report.from)}.csv"`)
			return context.body(writeUsageCsv(report), 200, { 'content-type': 'text/csv; charset=utf-8' })
		})
}

const dayMs = 24 * 3_600_000

async function createReport(
	{ database, config }: AppServices,
	{ from: begin, to = config.now(), upstream, model, key, compare }: z.infer<typeof query>,
): Promise<UsageReport> {
	const from = begin ?? to - dayMs
	if (to <= from) {
		const message = 'must be later than from'
		throw new AdminError(400, 'invalid', `to: ${message}`, { fields: [{ path: 'to', message }] })
	}
	const now = config.now()
	const range = chooseRange(from, to, now)
	const filters = {
		...(upstream !== undefined && { upstream }),
		...(model !== undefined && { model }),
		...(key !== undefined && { key }),
	}
	const before = compare ? rangeBefore(range) : undefined
	const reading = await readUsage(database, range, { filters, ...(before && { before }) })
	const { upstreams = [] } = config.peek() ?? {}
	const names = new Map(
		upstreams.flatMap(({ id, name, keys }) => [
			[id, name] as const,
			...keys.map(one => [one.id, one.mask] as const),
		]),
	)
	const earlier = before && reading.before
	return reportUsage({ ...reading, range, before: earlier, nameOf: id => names.get(id), now })
}
