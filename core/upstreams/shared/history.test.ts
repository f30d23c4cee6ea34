import { expect, test } from 'vitest'
import type { ContentBlock } from '../../messages/request.ts'
import { joinAnswerTexts } from './history.ts'

const cited = { type: 'text', text: 'Rain.', citations: [{ type: 'web_search_result_location' }] }

test.each<[string, object[], string]>([
	[
		'texts have a gap',
		[
			{ type: 'text', text: 'a' },
			{ type: 'text', text: 'b' },
		],
		'a\n\nb',
	],
	[
		'cited pieces have none',
		[{ type: 'text', text: 'So: ' }, cited, { type: 'text', text: ' Ok.' }],
		'So: Rain. Ok.',
	],
	[
		'but they do not run into a search that is told as text',
		[cited, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }, cited],
		'Rain.\n\n[server_tool_use] {"id":"s","name":"web_search","input":{}}\n\nRain.',
	],
	[
		'thinking and calls are none of it',
		[{ type: 'thinking', thinking: 't' }, { type: 'tool_use', id: 'a' }, cited],
		'Rain.',
	],
])('of an earlier answer %s', (_case, blocks, expected) => {
	expect(joinAnswerTexts(blocks as ContentBlock[])).toBe(expected)
})
