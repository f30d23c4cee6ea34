import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { type BuiltFunction, copyFunctions, type Handler, loadHandler } from './functions.ts'
import { invoke, refuse, stats } from './invoke.ts'
import { createRouter } from './routes.ts'

/**
 * Runs a `.vercel/output` as the platform would: one warm instance of each function in this process, outside of the
 * project, routes from config.json, waitUntil, cancellation, time and body limits.
 * `node main.ts <project root> [port] [max duration in seconds]`; prints its URL. `GET /__instance` tells what it did.
 */
const types: Record<string, string> = {
	...{ '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' },
	...{ '.json': 'application/json', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' },
}

async function main([root, port = '0', maxDuration]: string[]): Promise<void> {
	if (root === undefined) throw new Error('usage: node main.ts <project root> [port] [max duration]')
	const output = join(root, '.vercel/output')
	const copies = mkdtempSync(join(tmpdir(), 'claude-proxy-functions-'))
	process.on('exit', () => rmSync(copies, { recursive: true, force: true }))
	for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0))
	// Whoever started it has gone.
	process.stdin.on('end', () => process.exit(0)).resume()
	const functions = copyFunctions(root, output, copies)
	if (maxDuration) for (const { config } of functions.values()) config.maxDuration = Number(maxDuration)
	const answer = createAnswer(output, functions)
	const server = createServer((request, response) => {
		answer(request, response).catch(error => {
			console.error('FUNCTION_INVOCATION_FAILED', error)
			if (response.headersSent) response.destroy()
			else refuse(response, 500, 'FUNCTION_INVOCATION_FAILED')
		})
	})
	server.keepAliveTimeout = 65_000
	server.listen(Number(port), '127.0.0.1', () => {
		console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
	})
}

function createAnswer(output: string, functions: Map<string, BuiltFunction>) {
	const findTarget = createRouter(output, new Set(functions.keys()))
	const loaded = new Map<string, Promise<Handler>>()
	return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const { pathname } = new URL(request.url ?? '/', 'http://instance')
		if (pathname === '/__instance') return void response.end(JSON.stringify(stats))
		const target = findTarget(request.method ?? 'GET', pathname)
		for (const [name, value] of Object.entries(target.headers)) response.setHeader(name, value)
		if ('status' in target) return refuse(response, target.status, 'NOT_FOUND')
		if ('file' in target) return sendFile(target.file, request, response)
		const built = functions.get(target.function) as BuiltFunction
		const handler = loaded.get(target.function) ?? loadHandler(built)
		loaded.set(target.function, handler)
		await invoke(built, await handler, request, response)
	}
}

/** Files of the output answer GET and HEAD only. */
function sendFile(file: string, request: IncomingMessage, response: ServerResponse): void {
	if (request.method !== 'GET' && request.method !== 'HEAD')
		return refuse(response, 405, 'INVALID_REQUEST_METHOD')
	response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream')
	if (!response.hasHeader('cache-control'))
		response.setHeader('cache-control', 'public, max-age=0, must-revalidate')
	if (request.method === 'HEAD') response.end()
	else createReadStream(file).pipe(response)
}

await main(process.argv.slice(2))
