import { describe, expect, test } from 'vitest'
import * as fc from '../../../test/support/fast-check.ts'
import { createToolNames, type ToolNameRules } from './tool-names.ts'

const rules: ToolNameRules = { maxLength: 64, legal: /^[A-Za-z_][A-Za-z0-9_-]*$/, prefix: 'tool_' }
const long = `mcp__server__${'x'.repeat(70)}`

describe('createToolNames', () => {
	test('legal names stay as they are', () => {
		const names = createToolNames(['Bash', 'mcp__a-b__c'], rules)
		expect(names.toUpstream('Bash')).toBe('Bash')
		expect(names.toUpstream('mcp__a-b__c')).toBe('mcp__a-b__c')
		expect(names.renamed.size).toBe(0)
	})

	test('long and odd names become legal and can be restored', () => {
		for (const name of [long, 'a.b:c', '1st', '天气', 'x y', `${long}2`]) {
			const names = createToolNames([name], rules)
			const sent = names.toUpstream(name)
			expect(sent).toMatch(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/)
			expect(names.renamed.get(sent)).toBe(name)
		}
	})

	test('a name in history gets the same result in every request', () => {
		const first = createToolNames([long], rules).toUpstream(long)
		const later = createToolNames(['Bash', long, 'other tool'], rules).toUpstream(long)
		expect(later).toBe(first)
	})

	test('no two names share a result, whatever the names', () => {
		const anyNames = fc.uniqueArray(
			fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom(long, `${long}y`, 'a b', 'a_b')),
		)
		fc.assert(
			fc.property(anyNames, names => {
				const toolNames = createToolNames(names, rules)
				const sent = names.map(name => toolNames.toUpstream(name))
				expect(new Set(sent).size).toBe(names.length)
				const restored = sent.map(name => toolNames.renamed.get(name) ?? name)
				expect(restored).toEqual(names)
			}),
		)
	})

	test('a legal name is not taken over by a shortened one', () => {
		const clash = createToolNames([long], rules).toUpstream(long)
		const names = createToolNames([long, clash], rules)
		expect(names.toUpstream(clash)).toBe(clash)
		expect(names.toUpstream(long)).not.toBe(clash)
	})
})
