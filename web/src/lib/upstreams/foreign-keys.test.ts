import { expect, it } from 'vitest'
import { findForeignKeys } from './foreign-keys.ts'

const anthropic = `sk-ant-api03-${'aB3dE5gH7j'.repeat(9)}`

it('asks before a key goes to a host that is not its own, and never names the key', () => {
	const found = findForeignKeys(['sk-anyone-0123456789', anthropic], 'https://relay.example:8443/v1')
	expect(found).toMatchObject({ vendor: 'Anthropic', host: 'relay.example:8443' })
	expect(JSON.stringify(found)).not.toContain(anthropic)
})

it.each(['https://api.anthropic.com', 'http://localhost:8080'])('lets it go to %s', host => {
	expect(findForeignKeys([anthropic], host)).toBeUndefined()
})
