import { expect, it } from 'vitest'
import { errorCodes } from '../../../../api/_app/admin/errors.ts'
import { en } from '../i18n/messages/en/index.ts'
import { fieldError, readApiError } from './api-error.ts'

const answer = (status: number, body: unknown, headers?: Record<string, string>) =>
	Response.json(body, { status, headers })

it('reads a refusal with its fields', async () => {
	const error = await readApiError(
		answer(400, {
			type: 'error',
			error: {
				type: 'invalid_request_error',
				code: 'invalid',
				message: 'baseUrl: must be a URL',
				fields: [{ path: 'baseUrl', message: 'must be a URL' }, 'nonsense'],
			},
			request_id: 'req_1',
		}),
	)
	expect(error).toMatchObject({ status: 400, code: 'invalid', requestId: 'req_1' })
	expect(fieldError(error, 'baseUrl')).toBe('must be a URL')
	expect(fieldError(error, 'name')).toBeUndefined()
})

it('reads how long to wait from the header', async () => {
	const body = { type: 'error', error: { code: 'too-many-attempts', message: 'wait' }, request_id: 'req_2' }
	expect((await readApiError(answer(429, body, { 'retry-after': '8' }))).retryAfterMs).toBe(8000)
})

it('keeps what others changed', async () => {
	const body = {
		error: { code: 'conflict', message: 'changed', currentRevision: 7, theirs: [{ kind: 'x' }] },
	}
	expect(await readApiError(answer(409, body))).toMatchObject({
		code: 'conflict',
		currentRevision: 7,
		theirs: [{ kind: 'x' }],
	})
})

it.each([
	['a page', new Response('<html>', { status: 502 })],
	['an unknown code', answer(418, { error: { code: 'teapot', message: 'short and stout' } })],
])('does not take %s for an answer of the API', async (_name, response) => {
	expect((await readApiError(response)).code).toBe('foreign')
})

it('has words for every code of the API', () => {
	expect(Object.keys(en.errors.codes)).toEqual(expect.arrayContaining([...errorCodes]))
})
