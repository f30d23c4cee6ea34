import { describe, expect, it } from 'vitest'
import { messageRequestSchema } from '../../core/messages/request.ts'
import { createWorkloads } from './index.ts'

describe('workloads', () => {
	it.each(createWorkloads({ quick: true }))(
		'$name asks for what the Messages API takes',
		({ body, answer }) => {
			const request = messageRequestSchema.parse(JSON.parse(body.toString()))
			expect(request.stream === true).toBe(answer.stream)
		},
	)

	it('has a Claude Code request of the size that is claimed', () => {
		const { body } = createWorkloads({ quick: true }).find(({ name }) => name === 'request-150k')!
		const request = JSON.parse(body.toString())
		expect(request.tools).toHaveLength(24)
		expect(request.messages).toHaveLength(60)
		expect(body.length).toBeGreaterThan(140_000)
		expect(body.length).toBeLessThan(160_000)
	})
})
