import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import type { ApiDocument } from '../document.ts'
import { errorResponses } from '../errors.ts'
import { jsonAnswer } from '../json.ts'
import { renderReference } from '../reference/page.ts'
import { createAdminRouter } from '../router.ts'

const tags = ['Document']

const documentRoute = createRoute({
	method: 'get',
	path: '/openapi.json',
	operationId: 'readDocument',
	tags,
	summary: 'This document',
	responses: {
		200: jsonAnswer('OpenAPI 3.1', z.looseObject({ openapi: z.string() })),
		...errorResponses(),
	},
})

const referenceRoute = createRoute({
	method: 'get',
	path: '/reference',
	operationId: 'readReference',
	tags,
	summary: 'This document as a page',
	responses: {
		200: { description: 'HTML without any script', content: { 'text/html': { schema: z.string() } } },
		...errorResponses(),
	},
})

/** The API describes itself, for programs and for people. */
export function createDocumentRoutes(readDocument: () => ApiDocument) {
	let document: ApiDocument | undefined
	let page: { html: string; policy: string } | undefined
	const read = () => {
		document ??= readDocument()
		return document
	}
	return createAdminRouter()
		.openapi(documentRoute, context => context.json({ ...read() }, 200))
		.openapi(referenceRoute, context => {
			page ??= renderReference(read())
			return context.html(page.html, 200, { 'content-security-policy': page.policy })
		})
}
