import { expect, test } from 'vitest'
import { withThoughts } from '../../../test/support/any-request.ts'
import * as fc from '../../../test/support/fast-check.ts'
import { convert, expectAccepted } from '../../../test/support/responses-conversion.ts'
import { messageRequestSchema } from '../../messages/request.ts'
import { RequestRefused } from '../contract.ts'
import { writeReasoningSignature } from './reasoning-signature.ts'

const model = fc.constantFrom('gpt-4o', 'gpt-5', 'gpt-5.2', 'gpt-5.4', 'gpt-6-sol', 'o3', 'gpt-5-chat-latest')
const baseUrl = fc.constantFrom('https://api.openai.com', 'https://relay.example')
const isValid = (body: object) =>
	messageRequestSchema.safeParse({ model: 'm', max_tokens: 1, ...body }).success

/** Thinking of this type's own making. */
const own = fc.record({
	type: fc.constant('thinking'),
	thinking: fc.constantFrom('', 'hm'),
	signature: fc
		.constantFrom('rs_1', 'rs_2', 'rs_3')
		.map(id => writeReasoningSignature({ id, encrypted_content: 'gAAAAAx' })),
})
const thoughtfulRequest = withThoughts(own)

test('whatever a client sends, the strict upstream accepts it', () => {
	fc.assert(
		fc.property(thoughtfulRequest, model, fc.boolean(), baseUrl, (body, name, stream, url) => {
			fc.pre(isValid(body))
			try {
				expectAccepted(convert(body, { model: name, stream, baseUrl: url }).body)
			} catch (error) {
				if (!(error instanceof RequestRefused)) throw error
				expect(['messages', 'tool_choice']).toContain(error.field)
			}
		}),
		{ numRuns: 1000 },
	)
})

test('converting is pure: the same request gives the same bytes and is not changed', () => {
	fc.assert(
		fc.property(thoughtfulRequest, body => {
			fc.pre(isValid(body))
			const before = JSON.stringify(body)
			const run = () => {
				try {
					return convert(body).outgoing.body
				} catch (error) {
					return String(error)
				}
			}
			expect(run()).toBe(run())
			expect(JSON.stringify(body)).toBe(before)
		}),
	)
})
