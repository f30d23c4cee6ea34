import { expect, it } from 'vitest'
import { strategies } from '../../../../core/config/upstream.ts'
import { en } from '../i18n/messages/en/index.ts'
import { claudeCodeSettings, commands, shellSettings, starters } from './commands.ts'

it('writes commands that the command line takes', () => {
	expect(commands.add(starters[1])).toBe('npm run config -- add openai-main openai https://api.openai.com/v1')
	expect(commands.addKey(0)).toBe('npm run config -- key 0 add YOUR_UPSTREAM_KEY')
})

it('points Claude Code at this server without /v1, and contains no real key', () => {
	expect(JSON.parse(claudeCodeSettings('http://localhost:3000'))).toMatchObject({
		env: { ANTHROPIC_BASE_URL: 'http://localhost:3000', ANTHROPIC_AUTH_TOKEN: 'YOUR_ACCESS_KEY' },
	})
	expect(shellSettings('http://localhost:3000')).toContain(
		'export ANTHROPIC_BASE_URL=http://localhost:3000\n',
	)
})

it('has a word for every strategy', () => {
	expect(Object.keys(en.upstreams.strategies).sort()).toEqual([...strategies].sort())
})
