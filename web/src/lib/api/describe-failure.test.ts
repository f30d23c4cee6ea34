import { expect, it } from 'vitest'
import { ApiError } from './api-error.ts'
import { describeFailure } from './describe-failure.ts'

it('keeps status, code and request id of a refusal', () => {
	const error = new ApiError({
		status: 503,
		code: 'database-unavailable',
		message: 'The database is away.',
		requestId: 'req_1',
	})
	expect(describeFailure(error)).toEqual({
		status: 503,
		code: 'database-unavailable',
		message: 'The database is away.',
		requestId: 'req_1',
	})
})

it('calls a server that does not answer unavailable', () => {
	const error = new ApiError({ status: 0, code: 'offline', message: 'Failed to fetch' })
	expect(describeFailure(error)).toMatchObject({ status: 503, code: 'offline' })
})

it('finds the place of a fault in the program, without the address of the server', () => {
	const error = new TypeError('x is not a function')
	error.stack =
		'TypeError: x is not a function\n    at f (https://proxy.example/_app/immutable/nodes/7.Ab_1.js:3:120)'
	expect(describeFailure(error)).toEqual({
		message: 'TypeError: x is not a function',
		place: 'nodes/7.Ab_1.js:3:120',
	})
})
