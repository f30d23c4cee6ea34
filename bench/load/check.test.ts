import { describe, expect, it } from 'vitest'
import { createStreamConverter, toMessage } from '../targets/floors/convert-answer.ts'
import { type Answer, renderAnswer } from '../workloads/answer.ts'
import { createCheck } from './check.ts'

const text: Answer = { kind: 'text', pieces: ['Hello ', 'wide ', 'world'], stream: true }
const call: Answer = { kind: 'tool', pieces: ['{"path":"a', '.md","content"', ':"x"}'], stream: true }
const whole = { ...text, stream: false }

const answerOf = (answer: Answer) => ({
	status: 200,
	body: Buffer.from(renderAnswer('anthropic', answer).join('')),
})

describe('the check of answers', () => {
	it.each([
		['text', text],
		['a tool call', call],
		['JSON', whole],
	] as const)('takes %s that is right', (_, answer) => {
		expect(createCheck(answer, 'message')(answerOf(answer))).toBeUndefined()
		expect(createCheck(answer, 'anthropic')(answerOf(answer))).toBeUndefined()
	})

	it('takes what the converting floor makes of an OpenAI answer', () => {
		for (const answer of [text, call]) {
			const convert = createStreamConverter('m')
			const body = Buffer.from(renderAnswer('openai', answer).map(convert).join(''))
			expect(createCheck(answer, 'message')({ status: 200, body })).toBeUndefined()
		}
		const message = toMessage(JSON.parse(renderAnswer('openai', whole).join('')), 'm')
		const body = Buffer.from(JSON.stringify(message))
		expect(createCheck(whole, 'message')({ status: 200, body })).toBeUndefined()
	})

	it('finds a lost delta, a missing end, other usage and a failure', () => {
		const check = createCheck(text, 'message')
		const good = answerOf(text).body.toString()
		const spoil = (from: string, to: string) =>
			check({ status: 200, body: Buffer.from(good.replace(from, to)) })
		expect(spoil('wide ', '')).toBe('another text')
		expect(spoil('"message_stop"', '"gone"')).toContain('message_stop')
		expect(spoil('"output_tokens":123', '"output_tokens":7')).toContain('usage')
		expect(check({ status: 500, body: Buffer.from('no') })).toContain('status 500')
		expect(createCheck(text, 'anthropic')({ status: 200, body: Buffer.from(`${good} `) })).toBeDefined()
	})
})
