import { describe, expect, test } from 'vitest'
import { translateSentence } from '../../core/text/translate-sentence.ts'
import { listCliSentences } from '../../test/support/cli-sentences.ts'
import { readSources } from '../../test/support/sentences.ts'
import { commands } from '../commands/index.ts'
import { loadTexts } from './index.ts'
import { commandSentences } from './sentences-zh/commands.ts'
import { databaseSentences } from './sentences-zh/database.ts'
import { doctorSentences } from './sentences-zh/doctor.ts'
import { sentences } from './sentences-zh/index.ts'
import { inputSentences } from './sentences-zh/input.ts'

const said = listCliSentences()

test('the sentences of commands, database and doctor are found', () => {
	expect(said.length).toBeGreaterThan(350)
	for (const one of [
		'there is no upstream {0}',
		'no damage found',
		'The database {0} cannot be reached ({1}).',
		'check its URL, the network, and HTTPS_PROXY',
		'it calls no tool',
	]) {
		expect(said).toContain(one)
	}
})

// One that fails here belongs into a file of sentences-zh.
test.each(said)('has in Chinese: %s', sentence => {
	expect(translateSentence(sentence, sentences)).toMatch(/[一-鿿，：]/)
})

test.each(Object.entries(commands))('has in Chinese what the command %s is for', (_, { summary }) => {
	expect(translateSentence(summary, sentences)).toMatch(/[一-鿿]/)
})

test('has no sentence that nothing says', () => {
	const sources = readSources(['cli/**/*.ts', 'core/**/*.ts', 'db/**/*.ts'])
	const written = sources
		.filter(({ fileName }) => !fileName.includes('sentences-zh'))
		.map(({ text }) => text.replaceAll("\\'", "'"))
		.join('\n')
	const own = { ...commandSentences, ...inputSentences, ...databaseSentences, ...doctorSentences }
	const isSaid = (sentence: string) =>
		said.includes(sentence.replaceAll('#}', '}')) ||
		sentence.split(/\{\d#?\}|[:,(]/).every(part => written.includes(part.trim()))
	expect(Object.keys(own).filter(sentence => !isSaid(sentence))).toEqual([])
})

test('names what varies as often as the English sentence does', () => {
	const places = (text: string) => (text.replaceAll('#}', '}').match(/\{\d\}/g) ?? []).sort()
	for (const [sentence, text] of Object.entries(sentences)) expect(places(text)).toEqual(places(sentence))
})

describe('in Chinese', async () => {
	const { say } = await loadTexts('zh')
	test.each([
		['there is no upstream "no damage found"', '没有渠道 "no damage found"'],
		['quota: 余额不足', '额度用尽：余额不足'],
		['network: a.cn: host not found (ENOTFOUND)', '无法连接：a.cn：找不到主机（ENOTFOUND）'],
		['rate limit: no upstreams', '请求过频：no upstreams'],
		['image (5 ms): it answers, and does not see the colour', '图片（5 ms）：有回答，但看不到颜色'],
		['PORT must be a whole number from 0 to 65535, not "x"', 'PORT 必须是 0 到 65535 的整数，而不是 "x"'],
		["an upstream's own words", "an upstream's own words"],
		['Too many requests', 'Too many requests'],
		['5 requests', '5 个请求'],
		['toString', 'toString'],
	])('%s', (sentence, text) => {
		expect(say(sentence)).toBe(text)
	})

	test('lines are translated one by one where the whole is no sentence', () => {
		expect(say('name: must not be empty\nanother')).toBe('name：不能为空\nanother')
	})

	test('the words of an upstream stay, even those that look like ours', async () => {
		const { sayFault } = await loadTexts('zh')
		expect(sayFault('api.a.cn: host not found (ENOTFOUND)')).toBe('api.a.cn：找不到主机（ENOTFOUND）')
		expect(sayFault('the prompt is empty')).toBe('the prompt is empty')
	})
})
