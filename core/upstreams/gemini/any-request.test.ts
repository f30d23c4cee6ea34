import { expect, test } from 'vitest'
import { withThoughts } from '../../../test/support/any-request.ts'
import * as fc from '../../../test/support/fast-check.ts'
import { checkConfig } from '../../../test/support/upstreams/gemini/config-rules.ts'
import { checkContents } from '../../../test/support/upstreams/gemini/content-rules.ts'
import { requestMessages } from '../../../test/support/upstreams/gemini/messages.ts'
import { defaultModels, generationOf } from '../../../test/support/upstreams/gemini/models.ts'
import { readMessage } from '../../../test/support/upstreams/gemini/proto.ts'
import { findToolProblems } from '../../../test/support/upstreams/gemini/schema-rules.ts'
import type { GeminiRequest } from '../../../test/support/upstreams/gemini/types.ts'
import { messageRequestSchema } from '../../messages/request.ts'
import { wrapSignature } from '../../messages/signatures.ts'
import { RequestRefused } from '../contract.ts'
import { convert } from './testing.ts'
import { writeSignature } from './thought-signature.ts'

const isValid = (body: object) =>
	messageRequestSchema.safeParse({ model: 'm', max_tokens: 1, ...body }).success &&
	// Base64 that is none is the client's own fault, and Gemini says so.
	!JSON.stringify(body).includes('not base64!')

const signatures = ['c2lnMQ==', 'c2lnMg==']

/** Thinking of this type's own making. */
const own = fc.record({
	type: fc.constant('thinking'),
	thinking: fc.constantFrom('', 'hm'),
	signature: fc
		.tuple(fc.constantFrom(...signatures), fc.constantFrom('call' as const, 'text' as const))
		.map(([value, of]) => wrapSignature('gemini', writeSignature(value, of))),
})
const thoughtfulRequest = withThoughts(own)

/** Throws what the strict upstream would answer. */
function expectAccepted(body: object, model: string): void {
	const { value, violations } = readMessage(requestMessages, 'GenerateContentRequest', body)
	expect(violations).toEqual([])
	const request = value as GeminiRequest
	expect(findToolProblems(request.tools ?? [])).toEqual([])
	checkContents(request, { required: generationOf(model) >= 3, minted: new Set(signatures) })
	checkConfig(request, model)
}

test('whatever a client sends, the strict upstream accepts it, and the request is not changed', () => {
	fc.assert(
		fc.property(thoughtfulRequest, fc.constantFrom(...defaultModels), (body, model) => {
			fc.pre(isValid(body))
			const before = JSON.stringify(body)
			try {
				expectAccepted(convert(body, model).body, model)
			} catch (error) {
				if (!(error instanceof RequestRefused)) throw error
				expect(error.field).toBe('tool_choice')
			}
			expect(JSON.stringify(body)).toBe(before)
		}),
		{ numRuns: 500 },
	)
})
