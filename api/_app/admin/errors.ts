import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { redactUrlsIn } from '../../../core/config/redact.ts'
import { errorBody, errorTypeForStatus } from '../../../core/messages/errors.ts'
import { ProxyError } from '../../../core/proxy/errors.ts'
import { ConfigConflict, DatabaseError, type DatabaseErrorCode, NoSnapshot } from '../../../db/index.ts'
import { jsonAnswer } from './json.ts'

/** What went wrong, for programs; `message` says it to people. */
export const errorCodes = [
	'invalid',
	'unauthorized',
	'forbidden',
	'not-found',
	'conflict',
	'exists',
	'too-many-attempts',
	'database-unavailable',
	'newer-schema',
	'failed',
] as const
export type ErrorCode = (typeof errorCodes)[number]

export interface InvalidField {
	/** Dotted: `keys.0`; empty for the whole. */
	path: string
	message: string
}

export interface ErrorExtra {
	fields?: InvalidField[]
	currentRevision?: number
	expectedRevision?: number
	/** What others changed since the expected revision. */
	theirs?: readonly unknown[]
	/** How long to wait before the next try; becomes `retry-after`. */
	retryAfterMs?: number
	[more: string]: unknown
}

/** A refusal of the admin API. The message says what to do and never holds a key. */
export class AdminError extends Error {
	override readonly name = 'AdminError'
	readonly status: number
	readonly code: ErrorCode
	readonly extra: ErrorExtra
	readonly headers: Record<string, string>
	constructor(
		status: number,
		code: ErrorCode,
		message: string,
		extra: ErrorExtra = {},
		headers: Record<string, string> = {},
	) {
		super(message)
		this.headers = headers
		this.status = status
		this.code = code
		this.extra = extra
	}
}

/** The one table of what the database's errors mean to a caller. */
const databaseErrors: Readonly<Record<DatabaseErrorCode, readonly [status: number, code: ErrorCode]>> = {
	unreachable: [503, 'database-unavailable'],
	unauthorized: [503, 'database-unavailable'],
	locked: [503, 'database-unavailable'],
	'read-only': [503, 'database-unavailable'],
	corrupt: [503, 'database-unavailable'],
	storage: [503, 'database-unavailable'],
	'not-migrated': [503, 'database-unavailable'],
	closed: [503, 'database-unavailable'],
	'newer-schema': [503, 'newer-schema'],
	conflict: [409, 'conflict'],
	exists: [409, 'exists'],
	'not-found': [404, 'not-found'],
	invalid: [400, 'invalid'],
	constraint: [500, 'failed'],
	failed: [500, 'failed'],
}

const codesByStatus: Readonly<Record<number, ErrorCode>> = {
	401: 'unauthorized',
	403: 'forbidden',
	404: 'not-found',
	409: 'conflict',
	429: 'too-many-attempts',
	503: 'database-unavailable',
}

/** Any error as a refusal; undefined for what is a fault of ours. */
function toAdminError(error: unknown): AdminError | undefined {
	if (error instanceof AdminError) return error
	if (error instanceof ConfigConflict) {
		const { message, currentRevision, expectedRevision, theirs, theirsComplete, wanted } = error
		const sides = redactUrlsIn({ theirs, theirsComplete, wanted })
		return new AdminError(409, 'conflict', message, { currentRevision, expectedRevision, ...sides })
	}
	if (error instanceof DatabaseError) {
		const [status, code] = databaseErrors[error.code]
		return new AdminError(status, code, error.message)
	}
	if (error instanceof NoSnapshot) return new AdminError(503, 'database-unavailable', error.message)
	if (error instanceof ProxyError || error instanceof HTTPException) {
		const { status } = error
		const code = codesByStatus[status] ?? (status < 500 ? 'invalid' : 'failed')
		return new AdminError(status, code, error.message)
	}
	return undefined
}

/** The answer to a request that failed. What is not a refusal is reported, and only told as `failed`. */
export function adminErrorResponse(
	error: unknown,
	requestId: string,
	report: (error: unknown) => void = () => {},
): Response {
	const known = toAdminError(error)
	if (!known || known.status === 500) report(error)
	const { status, code, message, extra, headers } =
		known ?? new AdminError(500, 'failed', 'the proxy failed on this')
	const body = errorBody({ type: errorTypeForStatus(status), code, message, ...extra }, requestId)
	const { retryAfterMs } = extra
	const seconds = retryAfterMs === undefined ? (status === 503 ? 5 : 0) : Math.ceil(retryAfterMs / 1000)
	return Response.json(body, {
		status,
		headers: { ...headers, ...(seconds > 0 && { 'retry-after': String(seconds) }) },
	})
}

const errorSchema = z
	.object({
		type: z.literal('error'),
		error: z.looseObject({
			type: z.string().meta({ description: "Anthropic's error type for the status" }),
			code: z.enum(errorCodes),
			message: z.string(),
			fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
			currentRevision: z.number().int().optional(),
			expectedRevision: z.number().int().optional(),
			theirs: z
				.array(z.looseObject({ kind: z.string() }))
				.optional()
				.meta({ description: 'What others changed since the expected revision' }),
			retryAfterMs: z.number().int().optional(),
		}),
		request_id: z.string(),
	})
	.meta({ id: 'Error' })

const descriptions = {
	400: 'The request does not fit: `fields` says where',
	401: 'No session, no key, or the wrong one',
	403: 'A change by cookie without `x-claude-proxy-admin: 1`, or from a foreign origin',
	404: 'There is no such thing',
	409: 'The configuration changed since `if-match`, or the name is taken',
	413: 'The body is too large',
	429: 'Too many wrong keys: see `retry-after`',
	500: 'A fault of the proxy itself',
	502: 'The upstream could not be asked',
	503: 'The database is away, or belongs to a newer version',
} as const
export type ErrorStatus = keyof typeof descriptions

/** What every route may answer, since the guard, the database or we may. */
const always = [401, 403, 413, 429, 500, 503] as const

/** The errors of a route for its document; those that every route has come by themselves. */
export function errorResponses<const Status extends ErrorStatus = never>(...statuses: Status[]) {
	const all = [...always, ...statuses].map(status => [status, jsonAnswer(descriptions[status], errorSchema)])
	return Object.fromEntries(all) as Record<
		Status | (typeof always)[number],
		ReturnType<typeof jsonAnswer<typeof errorSchema>>
	>
}
