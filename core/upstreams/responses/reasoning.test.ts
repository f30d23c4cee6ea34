import { describe, expect, test } from 'vitest'
import {
	added,
	call,
	completed,
	done,
	event,
	readStream,
	readWithSdk,
	reasoning,
	summaryDelta,
	textDelta,
} from '../../../test/support/responses-conversion.ts'
import { unsignedThinking } from '../../messages/signatures.ts'
import { readReasoningSignature } from './reasoning-signature.ts'

const messageOf = async (events: readonly unknown[]) => readWithSdk(readStream(events).events)
const contentOf = async (events: readonly unknown[]) => (await messageOf([...events, completed()])).content
const signatureOf = (block: unknown) => readReasoningSignature((block as { signature: string }).signature)

describe('reasoning', () => {
	test('shows its summary, and carries the item in the signature', async () => {
		const [thinking, answer] = await contentOf([
			added(0, reasoning([], 'part')),
			event('reasoning_summary_part.added', 0, { summary_index: 0, part: { text: '' } }),
			summaryDelta(0, 'First'),
			event('reasoning_summary_text.done', 0, { summary_index: 0, text: 'First' }),
			event('reasoning_summary_part.done', 0, { summary_index: 0, part: { text: 'First' } }),
			summaryDelta(0, 'second', 1),
			done(0, { ...reasoning(['First', 'second'], 'whole secret'), id: 'rs_1' }),
			textDelta(1, 'Yes.'),
		])
		expect(thinking).toMatchObject({ type: 'thinking', thinking: 'First\n\nsecond' })
		expect(signatureOf(thinking)).toEqual({ id: 'rs_1', encrypted_content: 'whole secret' })
		expect(answer).toMatchObject({ text: 'Yes.' })
	})

	test('without a summary is an empty thinking block that carries the item', async () => {
		const [thinking] = await contentOf([done(0, { ...reasoning([], 's'), id: 'rs_1' }), textDelta(1, 'x')])
		expect(thinking).toMatchObject({ type: 'thinking', thinking: '' })
		expect(signatureOf(thinking)).toEqual({ id: 'rs_1', encrypted_content: 's' })
	})

	test('nobody asked to see is left out where no tools are in play: simple clients read the first block', async () => {
		const created = { type: 'response.created', response: { tools: [], reasoning: { summary: null } } }
		const events = [created, done(0, reasoning([], 's')), textDelta(1, 'x')]
		expect(await contentOf(events)).toMatchObject([{ type: 'text' }])
		const asked = { type: 'response.created', response: { tools: [], reasoning: { summary: 'detailed' } } }
		expect(await contentOf([asked, ...events.slice(1)])).toMatchObject([
			{ type: 'thinking' },
			{ type: 'text' },
		])
	})

	test('between calls stays between them', async () => {
		const content = await contentOf([
			done(0, { ...reasoning(['one'], 's1'), id: 'rs_1' }),
			done(1, call('Read', '{}', 'a')),
			done(2, { ...reasoning(['two'], 's2'), id: 'rs_2' }),
			done(3, call('Read', '{}', 'b')),
		])
		expect(content.map(block => (block.type === 'thinking' ? signatureOf(block)?.id : block.type))).toEqual([
			'rs_1',
			'tool_use',
			'rs_2',
			'tool_use',
		])
	})

	test('in the open, as open models have it, is thinking that goes back as such', async () => {
		const [thinking] = await contentOf([
			event('reasoning_text.delta', 0, { content_index: 0, delta: 'Hm' }),
			event('content_part.done', 0, { content_index: 0, part: { type: 'reasoning_text', text: 'Hmm' } }),
			done(0, {
				type: 'reasoning',
				id: 'rs_1',
				summary: [],
				content: [{ type: 'reasoning_text', text: 'Hmm' }],
			}),
			textDelta(1, 'x'),
		])
		expect(thinking).toMatchObject({ thinking: 'Hmm' })
		expect(signatureOf(thinking)).toEqual({ id: 'rs_1' })
	})

	test('with a summary and the text itself is shown once', async () => {
		const content = await contentOf([
			summaryDelta(0, 'short'),
			event('reasoning_text.delta', 0, { content_index: 0, delta: 'long' }),
			textDelta(1, 'x'),
		])
		expect(content).toMatchObject([{ thinking: 'short', signature: unsignedThinking }, { text: 'x' }])
	})

	test('after the last text does not make the answer look empty', async () => {
		const { events, blocks } = readStream([textDelta(0, 'x'), done(1, reasoning(['late'], 's')), completed()])
		expect((await readWithSdk(events)).content).toMatchObject([{ type: 'text' }])
		expect(blocks.notes.every(note => note.action === 'dropped')).toBe(true)
		expect(blocks.notes.length).toBeGreaterThan(0)
	})
})
