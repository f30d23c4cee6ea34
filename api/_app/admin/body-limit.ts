import type { MiddlewareHandler } from 'hono'
import { AdminError } from './errors.ts'
import type { AdminEnv } from './router.ts'

const megabyte = 1024 * 1024

/** Longest bodies in MB: small but for imports, and for conversations with pictures in them. */
function limitFor(path: string): number {
	if (path === '/api/import') return 16
	return path === '/api/playground' || path === '/api/playground/convert-answer' ? 32 : 1
}

/**
 * Refuses bodies that are too long before they are parsed. Hono's own cannot be used: it wraps the request in a new one,
 * which the light requests of @hono/node-server do not allow while global objects stay as they are.
 */
export function createBodyLimit(): MiddlewareHandler<AdminEnv> {
	return async ({ req }, next) => {
		const megabytes = limitFor(req.path)
		const tooLarge = () => new AdminError(413, 'invalid', `the request body is larger than ${megabytes} MB`)
		const length = req.header('content-length')
		if (length !== undefined && req.header('transfer-encoding') === undefined) {
			if (Number(length) > megabytes * megabyte) throw tooLarge()
			return next()
		}
		if (!req.raw.body) return next()
		const body = await readAtMost(req.raw.body, megabytes * megabyte)
		if (body === undefined) throw tooLarge()
		const { method, headers, signal } = req.raw
		req.raw = new Request(req.url, { method, headers, signal, ...(body.length > 0 && { body }) })
		return next()
	}
}

/** Undefined when there is more. */
async function readAtMost(
	body: ReadableStream<Uint8Array>,
	limit: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
	const chunks: Uint8Array[] = []
	let length = 0
	for await (const chunk of body) {
		length += chunk.length
		if (length > limit) return undefined
		chunks.push(chunk)
	}
	return Buffer.concat(chunks)
}
