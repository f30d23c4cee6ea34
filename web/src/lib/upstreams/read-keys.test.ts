import { expect, it } from 'vitest'
import { readKeys } from './read-keys.ts'

const one = 'sk-aB3dE5gH7jK9mN1pQ2rS4tU6'
const two = 'sk-zY8xW6vU4tS2rQ0pN9mL7kJ5'

it.each([
	['lines', `${one}\n${two}`],
	['commas', `${one}, ${two}`],
	['Chinese punctuation', `${one}；${two}`],
	['the same twice', `${one} ${two} ${one}`],
	['names before them', `KIMI_API_KEY=${one}\nother_key: "${two}"`],
])('reads keys with %s', (_, text) => {
	expect(readKeys(text).keys).toEqual([one, two])
})

it('takes any word where nothing looks like a key', () => {
	expect(readKeys('ollama')).toEqual({ keys: ['ollama'], left: [] })
})

it('says which words it did not take', () => {
	expect(readKeys(`${one} hello`)).toEqual({ keys: [one], left: ['hello'] })
})
