import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAdminApp } from '../../api/_app/admin/index.ts'
import { type AdminCall, adminClient, bearer } from '../support/admin-client.ts'
import { accessKey, startProxy, type TestProxy } from '../support/proxy.ts'

interface Operation {
	operationId: string
	tags: string[]
	summary: string
	security?: unknown[]
	parameters?: { name: string; in: string; required?: boolean; schema: object }[]
	requestBody?: { required: boolean; content: Record<string, { schema: object }> }
	responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>
}

interface ApiDocument {
	openapi: string
	paths: Record<string, Record<string, Operation>>
	components: { schemas: Record<string, object>; securitySchemes: Record<string, object> }
	security: Record<string, unknown>[]
}

let proxy: TestProxy
let call: AdminCall
let document: ApiDocument
let operations: [route: string, operation: Operation][]

beforeAll(async () => {
	proxy = await startProxy()
	call = adminClient(proxy, bearer(accessKey))
	document = (await call('GET', '/api/openapi.json')).body
	operations = Object.entries(document.paths).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, operation]): [string, Operation] => [
			`${method.toUpperCase()} ${path}`,
			operation,
		]),
	)
})
afterAll(() => proxy.close())

/** All schemas in something, with where they are. */
function* listSchemas(value: unknown, at: string): Generator<[string, Record<string, unknown>]> {
	if (typeof value !== 'object' || value === null) return
	for (const [name, inner] of Object.entries(value)) {
		if (name === 'schema') yield [at, inner]
		if (name === 'properties')
			for (const [field, one] of Object.entries(inner))
				yield [`${at}.${field}`, one as Record<string, unknown>]
		if (name === 'items') yield [`${at}[]`, inner]
		if (!['enum', 'const', 'default', 'example', 'examples'].includes(name))
			yield* listSchemas(inner, `${at}.${name}`)
	}
}

test('it describes every route of the app, and no other', () => {
	const routes = createAdminApp(proxy.services)
		.routes.filter(({ method }) => method !== 'ALL')
		.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
	expect(operations.map(([route]) => route).sort()).toEqual([...new Set(routes)].sort())
	expect(document.openapi).toBe('3.1.0')
})

test('docs/admin-api.md has each path', () => {
	const docs = readFileSync(new URL('../../docs/admin-api.md', import.meta.url), 'utf8')
	const paths = Object.keys(document.paths).map(path => path.replaceAll(/\{(\w+)\}/g, ':$1'))
	const told = (path: string) => new RegExp(`[ \`]${path}[\`?]`).test(docs)
	expect(paths.filter(path => !told(path))).toEqual([])
})

test('each operation has a name of its own, a place, and says what it does', () => {
	const names = operations.map(([, { operationId }]) => operationId)
	expect(new Set(names).size).toBe(names.length)
	for (const [route, { operationId, tags, summary }] of operations) {
		expect([route, operationId]).toEqual([route, expect.stringMatching(/^[a-z][A-Za-z]+$/)])
		expect([route, tags]).toEqual([route, [expect.stringMatching(/^[A-Z]/)]])
		expect([route, summary]).toEqual([route, expect.stringMatching(/^.{5,100}$/)])
	}
})

test('each answer is described: a success with its schema, and the errors that any may meet', () => {
	for (const [route, { responses }] of operations) {
		const statuses = Object.keys(responses)
		expect([route, statuses.some(status => status.startsWith('2'))]).toEqual([route, true])
		for (const status of ['401', '429', '500', '503'])
			expect([route, statuses]).toEqual([route, expect.arrayContaining([status])])
		for (const [status, { description, content }] of Object.entries(responses)) {
			expect([route, status, description]).toEqual([route, status, expect.stringMatching(/.{3,}/)])
			const error = { $ref: '#/components/schemas/Error' }
			const [schema] = Object.values(content ?? {}).map(one => one.schema)
			expect([route, status, schema]).toEqual([
				route,
				status,
				status.startsWith('2') ? expect.any(Object) : error,
			])
		}
	}
})

test('parameters of paths are required and described, and bodies are required', () => {
	for (const [route, { parameters = [], requestBody }] of operations) {
		const wanted = [...route.matchAll(/\{(\w+)\}/g)].map(found => found[1])
		const given = parameters.filter(parameter => parameter.in === 'path')
		expect([route, given.map(({ name, required }) => [name, required])]).toEqual([
			route,
			wanted.map(name => [name, true]),
		])
		if (requestBody) expect([route, requestBody.required]).toEqual([route, true])
	}
})

test('parameters are text: none is null', () => {
	for (const [route, { parameters = [] }] of operations) {
		for (const { name, schema } of parameters)
			expect([route, name, JSON.stringify(schema)]).toEqual([
				route,
				name,
				expect.not.stringContaining('"null"'),
			])
	}
})

test('every schema says something, and every reference leads somewhere', () => {
	const text = JSON.stringify(document)
	const names = new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(found => found[1]))
	expect(Object.keys(document.components.schemas).sort()).toEqual([...names].sort())
	const silent = [...listSchemas(document.paths, 'paths'), ...listSchemas(document.components, 'components')]
		.filter(([, schema]) => Object.keys(schema).every(key => ['description', 'nullable'].includes(key)))
		.map(([at]) => at)
	expect(silent).toEqual([])
	expect(document.security.flatMap(Object.keys)).toEqual(Object.keys(document.components.securitySchemes))
})

test('bodies of requests refuse fields that they do not know', () => {
	for (const [route, { requestBody }] of operations) {
		for (const { schema } of Object.values(requestBody?.content ?? {})) {
			const named = /"#\/components\/schemas\/(\w+)"/.exec(JSON.stringify(schema))?.[1]
			const body = '$ref' in schema ? document.components.schemas[named ?? ''] : schema
			expect([route, body]).toEqual([route, expect.objectContaining({ additionalProperties: false })])
		}
	}
})

test('the page shows all of it, by itself', async () => {
	const { text, headers } = await call('GET', '/api/reference')
	expect(headers.get('content-type')).toMatch(/^text\/html/)
	for (const [, { operationId, summary }] of operations) {
		expect(text).toContain(`id="${operationId}"`)
		expect(text).toContain(summary.replaceAll('&', '&amp;').replaceAll("'", '&#39;'))
	}
	for (const name of Object.keys(document.components.schemas)) expect(text).toContain(`id="schema-${name}"`)
	for (const [, target] of text.matchAll(/href="#([^"]+)"/g)) expect(text).toContain(`id="${target}"`)
	expect(text).not.toMatch(/<script|src=|https?:\/\//)
	expect(headers.get('content-security-policy')).toMatch(
		/^default-src 'none'; style-src 'sha256-[\w+/]{43}='/,
	)
})
