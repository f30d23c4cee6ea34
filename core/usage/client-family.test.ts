import { expect, test } from 'vitest'
import { nameClient } from './client-family.ts'

test.each([
	['claude-cli/2.1.5 (external, cli)', 'Claude Code'],
	['claude-code/1.0', 'Claude Code'],
	['Anthropic/JS 0.70.0', 'Anthropic SDK (TypeScript)'],
	['Anthropic/Python 0.75.0', 'Anthropic SDK (Python)'],
	['AsyncAnthropic/Python 0.75.0', 'Anthropic SDK (Python)'],
	['Anthropic/Go 1.2.0', 'Anthropic SDK'],
	['curl/8.5.0', 'curl'],
	['python-requests/2.31', 'Python'],
	['node', 'Node.js'],
	['Mozilla/5.0 (X11; Linux x86_64) Chrome/140', 'browser'],
	['my-tool/1.2 (something)', 'my-tool'],
	['<script>', ''],
	['', ''],
])('%j is %j', (userAgent, name) => {
	expect(nameClient(userAgent)).toBe(name)
})
