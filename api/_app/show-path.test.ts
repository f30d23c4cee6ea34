import { expect, test } from 'vitest'
import { showPath } from './show-path.ts'

test.each([
	['/v1/unknown', '/v1/unknown'],
	['/api/learned-facts', '/api/learned-facts'],
	['/', '/'],
	['/api/keys/sk-ant-0123456789/purge', '/api/keys/…/purge'],
	['/correct%20horse', '/…'],
	['/averylongwordthatmaybeapassword', '/…'],
])('%s is repeated as %s', (path, shown) => {
	expect(showPath(path)).toBe(shown)
})
