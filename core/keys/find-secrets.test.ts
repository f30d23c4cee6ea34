import { describe, expect, test } from 'vitest'
import { createSecretFinder, replaceSecrets } from './find-secrets.ts'

const one = 'sk-one-0123456789abcdef'
const odd = 'p/a"s\\s+w=ord-1234567'

describe('a secret that was used', () => {
	const find = createSecretFinder({ few: [one, odd], many: [] })
	const clean = (text: string) => replaceSecrets(text, find)

	test.each([
		['alone', one],
		['in a sentence', `the key ${one}, which`],
		['twice', `${one} ${one}`],
		['inside of another word', `x${one}y`],
		['behind an escaped line end', JSON.stringify({ text: `a\n${one}` })],
	])('%s', (_name, text) => {
		expect(clean(text)).not.toContain(one)
		expect(clean(text)).toBe(text.replaceAll(one, 'sk-…cdef'))
	})

	test.each([
		['as it is', odd],
		['in JSON', JSON.stringify({ odd })],
		['in JSON with escaped slashes', JSON.stringify({ odd }).replaceAll('/', '\\/')],
		['in a URL', `?x=${encodeURIComponent(odd)}`],
	])('one that is no plain word: %s', (_name, text) => {
		const cleaned = clean(text)
		for (const part of [odd, 'ord-1234567', 'ord-12345']) expect(cleaned).not.toContain(part)
	})
})

describe('one of many', () => {
	const many = Array.from({ length: 5000 }, (_, index) => `key-${String(index).padStart(12, '0')}`)
	const find = createSecretFinder({ few: [], many })

	test.each([
		['alone', many[77] as string],
		['behind an escaped line end', JSON.stringify(`a\n${many[77]}`)],
		['behind an escaped letter', JSON.stringify(`\u0001${many[77]}`)],
		['in JSON within JSON', JSON.stringify(JSON.stringify(`a\n${many[77]}`))],
		['behind a backslash', JSON.stringify(`C:\\${many[77]}`)],
		['in quotes', `"${many[77]}"`],
	])('%s', (_name, text) => {
		expect(replaceSecrets(text, find)).not.toContain(many[77])
	})
})

test('keys of well-known vendors are found though nobody told of them', () => {
	const find = createSecretFinder({ few: [], many: [] })
	for (const key of [
		'sk-ant-api03-abcdefgh12345678',
		'AIzaSyA1234567890abcdefghij',
		'gsk_abcdefghij0123456789',
	]) {
		expect(replaceSecrets(`a ${key} b`, find)).not.toContain(key)
	}
	const harmless = 'sk-loading-indicator-of-the-page eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9 sk-short AIza'
	expect(replaceSecrets(harmless, find)).toBe(harmless)
})

test('overlapping secrets leave nothing of either', () => {
	const find = createSecretFinder({ few: ['abcdefghijklmnop', 'klmnopqrstuvwxyz'], many: [] })
	expect(replaceSecrets('<abcdefghijklmnopqrstuvwxyz>', find)).toBe('<abcd…mnop>')
})

test('short ones are ordinary words', () => {
	const find = createSecretFinder({ few: ['ollama'], many: ['test'] })
	expect(replaceSecrets('test ollama', find)).toBe('test ollama')
})

test('what URLs carry, where that is asked for', () => {
	const text = 'see https://host/x?a=1&api_key=secret-value&b=2 and "/y?key=other"'
	const find = createSecretFinder({ few: [], many: [], queries: true })
	expect(replaceSecrets(text, find)).toBe('see https://host/x?a=1&api_key=••••&b=2 and "/y?key=••••"')
	expect(replaceSecrets(text, createSecretFinder({ few: [], many: [] }))).toBe(text)
})
