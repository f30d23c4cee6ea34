import { describe, expect, test } from 'vitest'
import { delta, readStream } from '../../../test/support/openai-conversion.ts'

const done = '[DONE]'
const usageChunk = (usage: object) => ({ id: 'c', object: 'chat.completion.chunk', choices: [], usage })

describe('trap 4: usage', () => {
	test('arrives after the finish reason in a chunk without choices, and message_delta waits for it', () => {
		const { events } = readStream([
			delta({ content: 'a' }, 'stop', { usage: null }),
			usageChunk({
				prompt_tokens: 1000,
				completion_tokens: 50,
				prompt_tokens_details: { cached_tokens: 800 },
				completion_tokens_details: { reasoning_tokens: 30 },
			}),
			done,
		])
		expect(events.at(-2)).toMatchObject({
			usage: {
				input_tokens: 200,
				cache_read_input_tokens: 800,
				output_tokens: 50,
				output_tokens_details: { thinking_tokens: 30 },
			},
		})
	})

	test('Gemini’s thinking is told by the total alone', () => {
		// As https://discuss.ai.google.dev/t/127400 quotes it: usage in every chunk, and sums that do not add up.
		const usage = (completion: number, total: number) => ({
			usage: { completion_tokens: completion, prompt_tokens: 9, total_tokens: total },
		})
		const chunks = [
			delta({ content: '1' }, null, usage(1, 103)),
			delta({ content: ', ' }, null, usage(3, 105)),
			delta({}, 'length', usage(4, 106)),
			done,
		]
		const { events } = readStream(chunks, { upstreamModel: 'gemini-3-flash-preview' })
		expect(events.at(-2)).toMatchObject({
			usage: { input_tokens: 9, output_tokens: 97, output_tokens_details: { thinking_tokens: 93 } },
		})
	})

	test('cumulative usage in every chunk: the last counts, nulls and zeros wipe nothing', () => {
		const { events } = readStream([
			delta({ content: 'a' }, null, { usage: { prompt_tokens: 9, completion_tokens: 1 } }),
			delta({ content: 'b' }, null, { usage: { prompt_tokens: 9, completion_tokens: 2 } }),
			delta({}, 'stop', { usage: { prompt_tokens: null, completion_tokens: 0 } }),
			done,
		])
		expect(events.at(-2)).toMatchObject({ usage: { input_tokens: 9, output_tokens: 2 } })
	})

	test('cached tokens that only an earlier chunk tells are not counted twice', () => {
		const details = { prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 } }
		const { events } = readStream([
			delta({ content: 'a' }, null, { usage: { prompt_tokens: 100, completion_tokens: 1, ...details } }),
			delta({}, 'stop', { usage: { prompt_tokens: 100, completion_tokens: 5, prompt_tokens_details: null } }),
			done,
		])
		expect(events.at(-2)).toMatchObject({
			usage: {
				input_tokens: 30,
				cache_read_input_tokens: 60,
				cache_creation_input_tokens: 10,
				output_tokens: 5,
			},
		})
	})

	test('Moonshot puts it into the choice', () => {
		const usage = { prompt_tokens: 5, completion_tokens: 3, cached_tokens: 4 }
		const last = { choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage }] }
		expect(readStream([delta({ content: 'a' }), last]).events.at(-2)).toMatchObject({
			usage: { input_tokens: 1, cache_read_input_tokens: 4, output_tokens: 3 },
		})
	})

	test('without any, the estimate stands and the output is counted roughly', () => {
		const { events } = readStream([delta({ content: 'abcdefg' }, 'stop'), done])
		expect(events.at(-2)).toMatchObject({ usage: { input_tokens: 11, output_tokens: 2 } })
	})
})
