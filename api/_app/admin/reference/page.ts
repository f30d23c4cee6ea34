import { createHash } from 'node:crypto'
import type { ApiDocument } from '../document.ts'
import { escapeHtml, renderSchema, type Schema } from './schema-text.ts'
import { style } from './style.ts'

interface Content {
	content?: Record<string, { schema?: Schema }>
}

interface Operation {
	method: string
	path: string
	operationId?: string
	tags?: string[]
	summary?: string
	description?: string
	parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[]
	requestBody?: Content
	responses?: Record<string, Content & { description?: string }>
}

/**
 * The document as one page: no script, no font and no style from elsewhere. The policy that goes with it allows its one
 * style and nothing else.
 */
export function renderReference(document: ApiDocument): { html: string; policy: string } {
	const operations = listOperations(document)
	const tags = [...new Set(operations.map(tagOf))]
	const schemas = Object.entries(document.components?.schemas ?? {}) as [string, Schema][]
	const groups = tags.map(tag =>
		renderGroup(
			tag,
			operations.filter(operation => tagOf(operation) === tag),
		),
	)
	const { title, version, description = '' } = document.info
	const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>${style}</style></head><body>
<nav aria-label="Contents"><strong>${escapeHtml(title)}</strong>${tags.map(renderLink).join('')}<a href="#schemas">Schemas</a></nav>
<main><h1>${escapeHtml(title)} <small>${escapeHtml(version)}</small></h1>
${renderText(description)}
<p><a href="openapi.json">openapi.json</a></p>
${groups.join('\n')}
<section id="schemas"><h2>Schemas</h2>${schemas.map(renderNamed).join('\n')}</section>
</main></body></html>`
	return { html, policy }
}

const policy = [
	"default-src 'none'",
	`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
].join('; ')

function listOperations(document: ApiDocument): Operation[] {
	return Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
		Object.entries(methods as Record<string, Omit<Operation, 'method' | 'path'>>).map(
			([method, operation]) => ({ ...operation, method: method.toUpperCase(), path }),
		),
	)
}

const tagOf = (operation: Operation): string => operation.tags?.[0] ?? 'Other'
const tagId = (tag: string): string => `tag-${encodeURIComponent(tag)}`
const renderLink = (tag: string) => `<a href="#${tagId(tag)}">${escapeHtml(tag)}</a>`

function renderGroup(tag: string, operations: readonly Operation[]): string {
	return `<section id="${tagId(tag)}"><h2>${escapeHtml(tag)}</h2>${operations.map(renderOperation).join('\n')}</section>`
}

function renderOperation(operation: Operation): string {
	const { method, path, operationId = '', summary = '', description } = operation
	const marked = escapeHtml(path).replace(/\{[^}]+\}/g, part => `<em>${part}</em>`)
	return `<details id="${escapeHtml(operationId)}"><summary><span class="method ${method.toLowerCase()}">${method}</span>
<code>${marked}</code><span class="summary">${escapeHtml(summary)}</span></summary>
${description === undefined ? '' : renderText(description)}${renderParameters(operation)}${renderBody('Request', operation.requestBody)}
${renderResponses(operation)}</details>`
}

function renderParameters({ parameters = [] }: Operation): string {
	if (parameters.length === 0) return ''
	const rows = parameters.map(parameter => {
		const { name, in: place, required, description = '', schema = {} } = parameter
		const kind = `${place}${required ? '' : ', optional'}`
		return `<tr><td><code>${escapeHtml(name)}</code></td><td>${kind}</td><td><code>${renderSchema(schema)}</code></td><td>${escapeHtml(description || (schema.description ?? ''))}</td></tr>`
	})
	return `<h3>Parameters</h3><table>${rows.join('')}</table>`
}

function renderBody(title: string, body: Content | undefined): string {
	const shown = Object.entries(body?.content ?? {}).map(
		([type, { schema = {} }]) =>
			`<p class="type">${escapeHtml(type)}</p><pre tabindex="0">${renderSchema(schema)}</pre>`,
	)
	return shown.length === 0 ? '' : `<h3>${escapeHtml(title)}</h3>${shown.join('')}`
}

/** Successes with their schemas; errors, which all have the same, as a list. */
function renderResponses({ responses = {} }: Operation): string {
	const all = Object.entries(responses)
	const good = all.filter(([status]) => status.startsWith('2'))
	const bad = all.filter(([status]) => !status.startsWith('2'))
	const answers = good.map(([status, response]) =>
		renderBody(`${status} ${response.description ?? ''}`, response),
	)
	const errors = bad.map(
		([status, { description = '' }]) => `<li><code>${status}</code> ${renderInline(description)}</li>`,
	)
	return `${answers.join('')}<h3>Errors: <a href="#schema-Error">Error</a></h3><ul>${errors.join('')}</ul>`
}

const renderNamed = ([name, schema]: [string, Schema]) =>
	`<div class="schema" id="schema-${escapeHtml(name)}"><h3>${escapeHtml(name)}</h3>${schema.description === undefined ? '' : renderText(schema.description)}<pre tabindex="0">${renderSchema(schema)}</pre></div>`

/** Paragraphs and `code`: all of Markdown that descriptions use. */
const renderText = (text: string): string =>
	text
		.split(/\n\n+/)
		.map(paragraph => `<p>${renderInline(paragraph)}</p>`)
		.join('')

const renderInline = (text: string): string => escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>')
