import type { z } from 'zod'
import { parseRequest } from '../messages/parse-request.ts'
import { isPlainRequest } from '../messages/plain-request.ts'
import { type MessageRequest, messageRequestSchema } from '../messages/request.ts'
import { describeIssues } from '../messages/request-issues.ts'
import { type Member, parse, scanObject } from '../messages/scan.ts'
import { ProxyError } from './errors.ts'

/** A Messages request, validated whole. It is shared in part: nobody may change it. @throws ProxyError 400 that names the fields at fault */
export function readMessageRequest(body: Uint8Array): MessageRequest {
	const request = parseBody(body)
	return isPlainRequest(request) ? request : validate(request, messageRequestSchema)
}

/** The request, validated whole. @throws ProxyError 400 that names the fields at fault */
export function readRequest<Schema extends z.ZodType>(body: Uint8Array, schema: Schema): z.output<Schema> {
	return validate(parseBody(body), schema)
}

function validate<Schema extends z.ZodType>(request: unknown, schema: Schema): z.output<Schema> {
	const result = schema.safeParse(request)
	if (!result.success) throw new ProxyError(400, describeIssues(result.error))
	return result.data
}

/** @throws ProxyError 400 */
export function parseBody(body: Uint8Array): unknown {
	try {
		return parseRequest(body)
	} catch (error) {
		throw new ProxyError(400, `the request body is not valid JSON${describePosition(error)}`)
	}
}

/** Where the JSON went wrong; the parser's own words would quote the body. */
function describePosition(error: unknown): string {
	if (!(error instanceof SyntaxError)) return ': it is not UTF-8'
	const position = /at position (\d+)/.exec(error.message)?.[1]
	return position === undefined ? ': it ends too early or begins wrongly' : `: see position ${position}`
}

/** What any Messages request has; the rest of a pass-through request is for its upstream to judge. */
const expectedMembers = {
	model: ['string', 'a string'],
	messages: ['array', 'a list'],
	max_tokens: ['number', 'a number'],
} as const

/**
 * The members of a pass-through request, found without parsing what is in them.
 * @param required the members that must be there and have their kind
 * @throws ProxyError 400
 */
export function scanRequest(
	body: Uint8Array,
	required: readonly (keyof typeof expectedMembers)[],
): { members: ReadonlyMap<string, Member>; model: string } {
	const members = scanObject(body)
	if (!members) {
		parseBody(body)
		throw new ProxyError(400, 'the request body must be a JSON object')
	}
	for (const name of required) {
		const [kind, words] = expectedMembers[name]
		const member = members.get(name)
		if (!member) throw new ProxyError(400, `${name}: Field required`)
		if (member.kind !== kind) throw new ProxyError(400, `${name}: Input should be ${words}`)
	}
	return { members, model: readModel(body, members) }
}

function readModel(body: Uint8Array, members: ReadonlyMap<string, Member>): string {
	const member = members.get('model')
	const model = member && parse(body, member.start, member.end)
	if (typeof model !== 'string' || model === '')
		throw new ProxyError(400, 'model: Input should be a non-empty string')
	return model
}
