import { getDeadline, waitUntil } from '@vercel/functions'
import { errorBody } from '../../core/messages/errors.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { readDeployment } from './deployment.ts'
import { createFetchHandler, type FetchHandler, type Platform } from './http/fetch-handler.ts'
import { createLogger } from './logger.ts'
import { random } from './runtime.ts'
import { createServices } from './services.ts'

/**
 * The serverless function: everything is made at the first request and kept while the instance is warm. What follows
 * an answer (health of keys, request log) outlives it by `waitUntil`. A database that is away keeps nothing from
 * starting: requests get a 503 until it answers, and what was read before serves on when it leaves again.
 */
let handler: Promise<FetchHandler> | undefined

export default {
	async fetch(request: Request): Promise<Response> {
		handler ??= createHandler()
		let answer: FetchHandler
		try {
			answer = await handler
		} catch (error) {
			// The next request tries again: a variable may have been set, a file may be back.
			handler = undefined
			return refuseUntilReady(error)
		}
		return answer(request)
	},
}

const platform: Platform = {
	defer: waitUntil,
	readDeadline: () => getDeadline()?.getTime(),
}

function refuseUntilReady(error: unknown): Response {
	const message = error instanceof Error ? error.message : 'the function could not start'
	const requestId = random.id('req')
	return Response.json(errorBody({ type: 'api_error', message }, requestId), {
		status: 503,
		headers: { 'retry-after': '5', 'request-id': requestId },
	})
}

async function createHandler(): Promise<FetchHandler> {
	const read = readDeployment(process.env)
	if (!read.ok) throw new Error(read.problem)
	const { environment } = read
	const logger = await createLogger(environment.LOG_LEVEL, false)
	const { version } = packageJson
	return createFetchHandler(
		await createServices({ environment, logger, version, defer: waitUntil }),
		platform,
	)
}
