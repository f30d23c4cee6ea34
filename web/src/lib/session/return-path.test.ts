import { expect, it } from 'vitest'
import { loginPath, readReturnPath } from './return-path.ts'

it.each([
	['/requests?status=error#top', '/requests?status=error#top'],
	[null, '/'],
	['', '/'],
	['requests', '/'],
	['//evil.example', '/'],
	['/\\evil.example', '/'],
	['/\t/evil.example', '/'],
	['https://evil.example', '/'],
	['/login?next=/login', '/'],
	['/logins', '/logins'],
])('goes from %j to %s', (wanted, path) => {
	expect(readReturnPath(wanted)).toBe(path)
})

it('carries the page over to the login', () => {
	expect(loginPath('/history?id=4')).toBe('/login?next=%2Fhistory%3Fid%3D4')
	expect(loginPath('/')).toBe('/login')
})
