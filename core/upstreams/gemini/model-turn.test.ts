import { describe, expect, test } from 'vitest'
import { convert } from './testing.ts'

const text = (value: string) => ({ type: 'text', text: value })
const call = (id: string, name = 'Read', input: unknown = {}) => ({ type: 'tool_use', id, name, input })
const result = (id: string, content: unknown, more: object = {}) => ({
	type: 'tool_result',
	tool_use_id: id,
	content,
	...more,
})
const contentsOf = (messages: unknown[], model?: string) => convert({ messages }, model).body.contents

describe('trap A9: thought signatures', () => {
	const signed = (signature: string) => ({ type: 'thinking', thinking: 'hm', signature })
	const modelParts = (content: unknown[], model: string) => {
		const results = content.filter(block => (block as { type: string }).type === 'tool_use')
		return contentsOf(
			[
				{ role: 'user', content: 'hi' },
				{ role: 'assistant', content },
				{ role: 'user', content: results.map(block => result((block as { id: string }).id, 'ok')).concat() },
			],
			model,
		)[1]?.parts.map(part => [part.text ?? part.functionCall?.name, part.thoughtSignature])
	}

	test('ours go to the call they belong to, and only to that', () => {
		expect(
			modelParts([signed('claude-proxy:gemini:c2ln'), call('a'), call('b', 'Bash')], 'gemini-2.5-pro'),
		).toEqual([
			['Read', 'c2ln'],
			['Bash', undefined],
		])
	})

	test('a text’s goes to its text', () => {
		const content = [
			text('Hi'),
			{ ...signed('claude-proxy:gemini:text:dA=='), thinking: '' },
			{ ...signed('claude-proxy:gemini:Yw=='), thinking: '' },
			call('a'),
		]
		expect(modelParts(content, 'gemini-3-pro-preview')).toEqual([
			['Hi', 'dA=='],
			['Read', 'Yw=='],
		])
	})

	test('the next text’s stays with that text: it signed a thought, or did not come right after a text', () => {
		const signature = 'claude-proxy:gemini:text:dA=='
		const expected = [
			['One', undefined],
			['Two', 'dA=='],
		]
		const model = 'gemini-3-pro-preview'
		expect(modelParts([text('One'), signed(signature), text('Two')], model)).toEqual(expected)
		const empty = { ...signed(signature), thinking: '' }
		expect(modelParts([text('One'), signed('claude-proxy:none'), empty, text('Two')], model)).toEqual(
			expected,
		)
	})

	test.each(['EqQBCkgIAxABGAIi', 'claude-proxy:none', 'claude-proxy:responses:abc', ''])(
		'the foreign signature "%s" never leaves, nor does its thinking',
		signature => {
			const { outgoing } = convert({
				messages: [
					{ role: 'user', content: 'hi' },
					{
						role: 'assistant',
						content: [signed(signature), { type: 'redacted_thinking', data: 'secret' }, call('a')],
					},
					{ role: 'user', content: [result('a', 'ok')] },
				],
			})
			expect(outgoing.body).not.toMatch(/thoughtSignature|secret|"hm"/)
		},
	)

	test('Gemini 3 gets the sentinel on the first call of a turn that has none, older models do not', () => {
		const content = [text('Hi'), call('a'), call('b', 'Bash')]
		expect(modelParts(content, 'models/gemini-3.5-flash')).toEqual([
			['Hi', undefined],
			['Read', 'skip_thought_signature_validator'],
			['Bash', undefined],
		])
		expect(modelParts(content, 'gemini-2.5-flash')?.[1]).toEqual(['Read', undefined])
	})
})
