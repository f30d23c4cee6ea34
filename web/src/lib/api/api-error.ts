/** What a call of the admin API was refused with: `errorCodes` of the API, and what can happen before it answers. */
export type ApiErrorCode =
	| 'invalid'
	| 'unauthorized'
	| 'forbidden'
	| 'not-found'
	| 'conflict'
	| 'exists'
	| 'too-many-attempts'
	| 'database-unavailable'
	| 'newer-schema'
	| 'failed'
	/** No answer at all. */
	| 'offline'
	| 'timeout'
	/** An answer that is not the API's: a proxy or a page in between. */
	| 'foreign'

export interface FieldProblem {
	/** Dotted, as in `extraHeaders.x-team`. */
	path: string
	message: string
}

export interface ApiErrorDetail {
	status: number
	code: ApiErrorCode
	/** In English, by the server. */
	message: string
	fields?: readonly FieldProblem[]
	requestId?: string
	/** Of a conflict: what others changed meanwhile, and the newest revision. */
	theirs?: readonly unknown[]
	currentRevision?: number
	retryAfterMs?: number
}

export class ApiError extends Error {
	override readonly name = 'ApiError'
	readonly status: number
	readonly code: ApiErrorCode
	readonly fields: readonly FieldProblem[]
	readonly requestId: string | undefined
	readonly theirs: readonly unknown[]
	readonly currentRevision: number | undefined
	readonly retryAfterMs: number | undefined
	constructor(detail: ApiErrorDetail, options?: { cause: unknown }) {
		super(detail.message, options)
		this.status = detail.status
		this.code = detail.code
		this.fields = detail.fields ?? []
		this.requestId = detail.requestId
		this.theirs = detail.theirs ?? []
		this.currentRevision = detail.currentRevision
		this.retryAfterMs = detail.retryAfterMs
	}

	/** What is wrong with one field of a form, if it is the reason. */
	field(path: string): string | undefined {
		return this.fields.find(problem => problem.path === path)?.message
	}
}

/** For `Field error={…}`: the problem of one field in whatever was caught. */
export function fieldError(error: unknown, path: string): string | undefined {
	return error instanceof ApiError ? error.field(path) : undefined
}

const knownCodes: readonly string[] = [
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
] satisfies ApiErrorCode[]

/** Reads the API's error envelope; what has another shape came from something in between. */
export async function readApiError(response: Response): Promise<ApiError> {
	const json: unknown = await response.json().catch(() => undefined)
	const root = asRecord(json)
	const error = asRecord(root.error)
	const code = typeof error.code === 'string' && knownCodes.includes(error.code) ? error.code : 'foreign'
	const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
	return new ApiError({
		status: response.status,
		code: code as ApiErrorCode,
		message: typeof error.message === 'string' ? error.message : `HTTP ${response.status}`,
		fields: readFields(error.fields),
		requestId: asText(root.request_id) ?? response.headers.get('request-id') ?? undefined,
		theirs: Array.isArray(error.theirs) ? error.theirs : [],
		currentRevision: asNumber(error.currentRevision),
		retryAfterMs: asNumber(error.retryAfterMs) ?? (retryAfter >= 0 ? retryAfter * 1000 : undefined),
	})
}

function readFields(value: unknown): FieldProblem[] {
	if (!Array.isArray(value)) return []
	return value.flatMap(item => {
		const { path, message } = asRecord(item)
		return typeof path === 'string' && typeof message === 'string' ? [{ path, message }] : []
	})
}

const asRecord = (value: unknown): Record<string, unknown> =>
	typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
const asText = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
const asNumber = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined)
