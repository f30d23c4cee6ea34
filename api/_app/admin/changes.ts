import type { Context } from 'hono'
import type { ChangeMeta } from '../../../db/index.ts'
import { AdminError } from './errors.ts'
import type { AdminEnv } from './router.ts'

/** Longest message of a revision, in characters. */
const maxMessage = 200

/** The revision a change was based on, from `if-match: "12"`; undefined when the request names none. */
function readExpectedRevision(context: Context<AdminEnv>): number | undefined {
	const text = context.req.header('if-match')?.trim()
	if (text === undefined || text === '' || text === '*') return undefined
	const digits = /^(?:W\/)?"?(\d{1,15})"?$/.exec(text)?.[1]
	if (digits === undefined) throw invalidHeader('if-match', 'must be a revision in quotes, such as "12"')
	return Number(digits)
}

/** Who makes a change, why, and on what it was based. */
export function changeMeta(context: Context<AdminEnv>): ChangeMeta {
	const expectedRevision = readExpectedRevision(context)
	const message = readMessage(context)
	return {
		author: 'web',
		...(message !== undefined && { message }),
		...(expectedRevision !== undefined && { expectedRevision }),
	}
}

/** Answers a change: its result as JSON, and the new revision as the etag that the next change may send back. */
export function answerChange<Result extends { revision: number }, Status extends 200 | 201 = 200>(
	context: Context<AdminEnv>,
	result: Result,
	status: Status = 200 as Status,
) {
	context.header('etag', `"${result.revision}"`)
	return context.json(result, status)
}

/** `x-change-message`: percent-encoded, since headers are ASCII. */
function readMessage(context: Context<AdminEnv>): string | undefined {
	const text = context.req.header('x-change-message')
	if (text === undefined || text === '') return undefined
	const message = decode(text)?.trim()
	const bad = message === undefined || message.length > maxMessage || /\p{Cc}/u.test(message)
	if (bad)
		throw invalidHeader(
			'x-change-message',
			`must be percent-encoded, on one line, of at most ${maxMessage} characters`,
		)
	return message === '' ? undefined : message
}

function decode(text: string): string | undefined {
	try {
		return decodeURIComponent(text)
	} catch {
		return undefined
	}
}

const invalidHeader = (path: string, message: string) =>
	new AdminError(400, 'invalid', `${path} ${message}`, { fields: [{ path, message }] })
