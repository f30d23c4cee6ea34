import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { translateSentence } from '../../../../core/text/translate-sentence.ts'
import { listCoreNotes } from '../../../../test/support/core-notes.ts'
import { en } from '../i18n/messages/en/index.ts'
import { zhCn } from '../i18n/messages/zh-cn/index.ts'
import { failureClassNames } from '../requests/filters.ts'

const root = resolve(import.meta.dirname, '../../../..')
const sentences = listCoreNotes()

it('finds the sentences of the core', () => {
	expect(sentences.length).toBeGreaterThan(80)
	expect(sentences).toContain('this model takes at most {0} output tokens')
	expect(sentences).toContain('the upstream takes no thinking')
})

// One that fails here belongs into notes.ts of both dictionaries.
it.each(sentences)('has in both languages: %s', sentence => {
	expect(translateSentence(sentence, en.notes)).toBe(sentence)
	expect(translateSentence(sentence, zhCn.notes)).toMatch(/[一-鿿]/)
})

it('has no sentence that nothing says', () => {
	const files = globSync('core/{upstreams,messages,config}/**/*.ts', { cwd: root })
	const core = files.map(file => readFileSync(join(root, file), 'utf8')).join('\n')
	const isSaid = (sentence: string) =>
		sentences.includes(sentence) || sentence.split(/\{\d\}/).every(part => core.includes(part))
	expect(Object.keys(en.notes).filter(sentence => !isSaid(sentence))).toEqual([])
})

it('keeps every place where something varies', () => {
	const places = (text: string) => [...new Set(text.match(/\{\d\}/g))].sort()
	for (const [sentence, text] of Object.entries(zhCn.notes)) expect(places(text)).toEqual(places(sentence))
})

it.each([
	['this model takes at most 8192 output tokens', '这个模型最多输出 8192 个 token'],
	[
		'tool "a (b)" ({1}) is built into Claude and was left out: other models do not know it',
		'工具“a (b)”（{1}）是 Claude 内置的，其他模型不认识，已去掉',
	],
	['the image became a text: Gemini takes no image/tiff', '图片变成了文字：Gemini 不接受 image/tiff'],
	['Gemini has nothing like a code_execution block', 'Gemini 没有类似 code_execution 的内容块'],
	['the upstream reads no images', '渠道不能读取图片'],
	["the upstream does not take $ref of a tool's schema", '渠道不接受工具结构中的 $ref'],
	['toString', undefined],
	['a sentence of a newer server', undefined],
])('says %j as %j', (detail, text) => {
	expect(translateSentence(detail, zhCn.notes)).toBe(text)
})

it('has a word for every class of failure', () => {
	for (const { requests, upstreams } of [en, zhCn]) {
		expect(Object.keys(requests.classes)).toEqual(expect.arrayContaining([...failureClassNames]))
		expect(Object.keys(upstreams.classes)).toEqual(expect.arrayContaining([...failureClassNames]))
	}
})
