import { describe, expect, test } from 'vitest'
import { nameProgram, wantsColor } from './io.ts'

describe('wantsColor', () => {
	test.each([
		[{}, true, true],
		[{}, false, false],
		[{ NO_COLOR: '1' }, true, false],
		[{ NO_COLOR: '' }, true, true],
		[{ TERM: 'dumb' }, true, false],
		[{ FORCE_COLOR: '1' }, false, true],
		[{ FORCE_COLOR: '0' }, true, false],
		[{ FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
	])('%j in a terminal: %s -> %s', (variables, isTerminal, expected) => {
		expect(wantsColor(variables, isTerminal)).toBe(expected)
	})
})

describe('nameProgram', () => {
	test.each([
		['/srv/claude-proxy/dist/cli/main.js', 'npm run config --'],
		['/usr/local/bin/claude-proxy', 'claude-proxy'],
		['/usr/lib/node_modules/claude-proxy/dist/cli/main.js', 'claude-proxy'],
		['C:\\npm\\node_modules\\claude-proxy\\dist\\cli\\main.js', 'claude-proxy'],
		['', 'npm run config --'],
	])('%s is called as %s', (entry, program) => {
		expect(nameProgram(entry)).toBe(program)
	})
})
