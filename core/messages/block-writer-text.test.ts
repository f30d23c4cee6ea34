import { expect, test } from 'vitest'
import { createAccumulator } from './accumulator.ts'
import { type BlockWriter, createBlockWriter } from './block-writer.ts'

function write(run: (blocks: BlockWriter) => void) {
	const gathered = createAccumulator()
	const options = { messageId: 'msg_1', model: 'm', inputTokens: 9, newToolId: () => 'toolu_new' }
	const blocks = createBlockWriter(gathered, options)
	run(blocks)
	return { blocks, message: gathered.message }
}

test('blanks wait for a text and are dropped before anything else: a block of them would be refused', () => {
	const { message, blocks } = write(blocks => {
		blocks.text('\n')
		blocks.text(' ')
		expect(blocks.hasContent).toBe(false)
		blocks.thinking('hm')
		blocks.text('\n')
		blocks.text('\n')
		blocks.text(' a')
		blocks.text(' ')
		blocks.text('b\n')
		blocks.toolStart(0, 'call_a', 'get')
		blocks.toolJson(0, '{"x":1}')
		blocks.text('\n\n')
		blocks.toolStart(1, 'call_b', 'get')
		blocks.toolStop(1)
		blocks.text(' ')
		blocks.finish('tool_use')
		blocks.end()
	})
	expect(message?.content).toMatchObject([
		{ type: 'thinking', thinking: 'hm' },
		{ type: 'text', text: '\n\n a b\n' },
		{ type: 'tool_use', id: 'call_a' },
		{ type: 'tool_use', id: 'call_b' },
	])
	expect(blocks.notes).toEqual([])
})

test('an answer of nothing but blanks has no content', () => {
	const { message } = write(blocks => {
		blocks.text(' \n')
		blocks.finish('end_turn')
		blocks.end()
	})
	expect(message?.content).toEqual([])
})

test('what waited is counted once where the upstream tells no usage', () => {
	const { message } = write(blocks => {
		blocks.toolStart(0, 'call_a', 'get')
		blocks.toolJson(0, '{"a":')
		blocks.text('x'.repeat(350))
		blocks.toolJson(0, '1}')
		blocks.finish('tool_use')
		blocks.end()
	})
	expect(message?.usage.output_tokens).toBe(102)
})
