import { ApiError } from './api-error.ts'

/** What a page threw: a refusal of the API with its status, or a fault of this program with the place in it. */
export function describeFailure(error: unknown): Partial<App.Error> {
	if (error instanceof ApiError) {
		const { status, code, message, requestId } = error
		return { status: status || 503, code, message, ...(requestId !== undefined && { requestId }) }
	}
	if (!(error instanceof Error)) return { message: String(error) }
	const place = findPlace(error.stack)
	return { message: `${error.name}: ${error.message}`, ...(place !== undefined && { place }) }
}

/** The first line of a stack that names a file: `nodes/12.abc.js:3:120`. */
function findPlace(stack = ''): string | undefined {
	return /_app\/immutable\/([\w./-]+\.js:\d+:\d+)/.exec(stack)?.[1]
}
