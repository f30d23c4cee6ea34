import { expect, test } from 'vitest'
import { anyRequest as request } from '../../../test/support/any-request.ts'
import * as fc from '../../../test/support/fast-check.ts'
import { convert, expectAccepted } from '../../../test/support/openai-conversion.ts'
import { messageRequestSchema } from '../../messages/request.ts'
import { RequestRefused } from '../contract.ts'

const model = fc.constantFrom('gpt-4o', 'gpt-5', 'gpt-5.2', 'o3', 'gpt-5-chat-latest', 'some-model')

test.each(['openai', 'openaiold'] as const)(
	'whatever a client sends, the strict upstream accepts it as %s',
	dialect => {
		fc.assert(
			fc.property(request, model, fc.boolean(), (body, name, stream) => {
				fc.pre(messageRequestSchema.safeParse({ model: 'm', max_tokens: 1, ...body }).success)
				const baseUrl = stream ? 'https://api.openai.com' : 'https://relay.example'
				try {
					expectAccepted(convert(body, { dialect, model: name, stream, baseUrl }).body, dialect)
				} catch (error) {
					if (!(error instanceof RequestRefused)) throw error
					expect(['messages', 'tool_choice']).toContain(error.field)
				}
			}),
			{ numRuns: 1000 },
		)
	},
)

test('converting is pure: the same request gives the same bytes and is not changed', () => {
	fc.assert(
		fc.property(request, body => {
			fc.pre(messageRequestSchema.safeParse({ model: 'm', max_tokens: 1, ...body }).success)
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
