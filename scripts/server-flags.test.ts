import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from './lib/layout.ts'
import { serverFlags } from './lib/server-flags.ts'

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8')

test('a server is started with the same flags by npm, Docker, systemd and pm2', () => {
	const flags = serverFlags.join(' ')
	const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
	expect(scripts.start).toBe(`node ${flags} scripts/launch.ts serve`)

	const command = /^CMD (\[.*\])$/m.exec(read('Dockerfile'))?.[1] ?? '[]'
	expect(JSON.parse(command)).toEqual(['node', ...serverFlags, 'dist/cli/main.js', 'serve'])

	const start = /^ExecStart=(.*)$/m.exec(read('deploy/claude-proxy.service'))?.[1]
	expect(start).toMatch(new RegExp(`/node ${flags} /\\S+/dist/cli/main\\.js serve$`))

	const { apps } = createRequire(import.meta.url)(join(projectRoot, 'ecosystem.config.cjs'))
	expect(apps).toMatchObject([{ node_args: flags, args: 'serve' }])
})
