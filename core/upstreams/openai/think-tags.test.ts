import { describe, expect, test } from 'vitest'
import * as fc from '../../../test/support/fast-check.ts'
import {
	callDelta,
	completion,
	convert,
	delta,
	readAnswer,
	readStream,
	readWithSdk,
} from '../../../test/support/openai-conversion.ts'

const model = 'MiniMax-M2'
const context = { upstreamModel: model }

async function readPieces(pieces: readonly string[], ...more: unknown[]) {
	const chunks = [...pieces.map(content => delta({ content })), ...more, delta({}, 'stop'), '[DONE]']
	return (await readWithSdk(readStream(chunks, context).events)).content
}

const thought = (thinking: string) => ({
	...{ type: 'thinking', thinking },
	signature: expect.stringMatching(/^claude-proxy:/),
})
const said = (text: string) => ({ type: 'text', text })

describe('thinking between tags at the beginning of the text', () => {
	test.each([
		['<think>hm</think>\n\nHi', [thought('hm'), said('Hi')]],
		['\n<thinking>\nhm\n</thinking>Hi', [thought('\nhm\n'), said('Hi')]],
		['<thought>a < b, </b> and </thin</thought>Hi', [thought('a < b, </b> and </thin'), said('Hi')]],
		['<think>\n\n</think>\n\nHi', [said('Hi')]],
		['<think>hm</think>', [thought('hm')]],
		['<think>cut o', [thought('cut o')]],
		['<think>cut off</thi', [thought('cut off</thi')]],
		['<think>', []],
		['<thin', [said('<thin')]],
		['<thinker>x</thinker>', [said('<thinker>x</thinker>')]],
		['Use <think>tags</think>.', [said('Use <think>tags</think>.')]],
		['<think>a</think>b<think>c</think>', [thought('a'), said('b<think>c</think>')]],
		['</think>Hi', [said('</think>Hi')]],
	])('%j, however it is cut', async (text, expected) => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 12 }), async lengths => {
				const pieces: string[] = []
				let rest = text
				for (const length of lengths) {
					pieces.push(rest.slice(0, length))
					rest = rest.slice(length)
				}
				const found = await readPieces([...pieces, rest])
				const trimmed = found.map(block => (block.type === 'text' ? said(block.text.trimStart()) : block))
				expect(trimmed).toEqual(expected)
			}),
			{ numRuns: 40 },
		)
		const whole = readAnswer(completion({ content: text }), context).message
		expect(whole?.content).toEqual(expected)
	})

	test('a call ends what waits, and goes on where thinking was cut by it', async () => {
		const call = callDelta({ index: 0, id: 'a', function: { name: 'Read', arguments: '{"n":1}' } })
		const use = { type: 'tool_use', id: 'a', name: 'Read', input: { n: 1 } }
		expect(await readPieces(['<think>hm</think>\n'], call)).toEqual([thought('hm'), use])
		expect(await readPieces(['<think>hm'], call)).toEqual([thought('hm'), use])
		expect(await readPieces(['<thi'], call)).toEqual([said('<thi'), use])
	})

	test('what a field of its own tells as well is told once', async () => {
		const chunks = [
			delta({ reasoning_content: 'hm', content: '<think>hm' }),
			delta({ content: '</think>Hi' }, 'stop'),
			'[DONE]',
		]
		const { content } = await readWithSdk(readStream(chunks, context).events)
		expect(content).toEqual([thought('hm'), said('Hi')])
	})
})

describe('the next turn', () => {
	async function replay(options: object) {
		const content = await readPieces(['<think>hm</think>Hi'])
		const messages = [
			{ role: 'user', content: 'go' },
			{ role: 'assistant', content },
			{ role: 'user', content: 'on' },
		]
		return convert({ messages }, options).body.messages[1]
	}

	test('has it in its text again, where the model that said so finds it', async () => {
		expect(await replay({ model })).toEqual({ role: 'assistant', content: '<think>hm</think>\n\nHi' })
	})

	test('has it nowhere at another model, and not twice where thinking has a field', async () => {
		expect(await replay({ model: 'gpt-4o' })).toEqual({ role: 'assistant', content: 'Hi' })
		const deepseek = { model, baseUrl: 'https://api.deepseek.com' }
		expect(await replay(deepseek)).toEqual({ role: 'assistant', content: 'Hi', reasoning_content: 'hm' })
	})
})
