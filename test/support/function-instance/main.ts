import { AsyncLocalStorage } from 'node:async_hooks'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pathToFileURL } from 'node:url'
import { getRequestListener } from '@hono/node-server'

/**
 * One cold instance of the serverless function: the built bundle, with what it asks the platform for. It prints its
 * address and how long the import took. `node main.ts <dist/api/index.js>`; with `--import record-loads.ts` before, it
 * also prints what is loaded and when.
 */
interface Bundle {
	default: { fetch(request: Request): Promise<Response> }
}

const contexts = new AsyncLocalStorage<object>()
Object.assign(globalThis, { [Symbol.for('@vercel/request-context')]: { get: () => contexts.getStore() } })

// The platform's launcher has read node:http and the web's Request by now, and so has this file.
const before = process.cpuUsage()
const { default: entrance } = (await import(pathToFileURL(process.argv[2] as string).href)) as Bundle
const { user, system } = process.cpuUsage(before)

const context = { waitUntil: (work: Promise<unknown>) => void work.catch(() => {}) }
const listener = getRequestListener(request => contexts.run(context, () => entrance.fetch(request)), {
	overrideGlobalObjects: false,
})
const server = createServer(listener)
server.listen(0, '127.0.0.1', () => {
	const { port } = server.address() as AddressInfo
	console.log(`import ${Math.round((user + system) / 1000)} ms`)
	console.log(`http://127.0.0.1:${port}`)
})
