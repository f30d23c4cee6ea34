import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { adminPaths } from '../../api/_app/app.ts'
import { readDeployment } from '../../api/_app/deployment.ts'
import { v1Routes } from '../../api/_app/routes/v1.ts'
import { readEnvironment } from '../../core/config/environment.ts'
import { readDockerfile, type Stage } from '../../scripts/deploy-check/dockerfile.ts'
import { projectRoot } from '../../scripts/lib/layout.ts'

const read = (name: string) => readFileSync(join(projectRoot, name), 'utf8')
const defaults = readEnvironment({})
if (!defaults.ok) throw new Error(defaults.problems.join('\n'))
const { SHUTDOWN_TIMEOUT, MAX_BODY_MB, HEALTH_CHECK_PATH } = defaults.environment

describe('vercel.json', () => {
	const { rewrites } = JSON.parse(read('vercel.json')) as {
		rewrites: { source: string; destination: string }[]
	}
	const findDestination = (path: string) =>
		rewrites.find(({ source }) => new RegExp(`^${source}$`).test(path))?.destination

	const routes = Object.keys(v1Routes).map(route => route.replace(':id', 'claude-opus-5-5'))
	const api = [
		...routes.flatMap(route => [`/${route}`, `/v1/${route}`, `/v1/v1/${route}`]),
		...adminPaths.map(path => path.replace('*', 'status')),
		...['/v1', '/v1/unknown', '/metrics', HEALTH_CHECK_PATH],
	]
	test.each(api)('%s reaches the function', path => {
		expect(findDestination(path)).toBe('/api')
	})

	test.each(['/', '/login', '/requests/req_1', '/settings', '/dev/components'])('%s is a page', path => {
		expect(findDestination(path)).toBe('/index.html')
	})

	test('a missing file of an older build is no page', () => {
		expect(findDestination('/_app/immutable/entry/gone.js')).toBeUndefined()
	})
})

describe('the button that deploys to Vercel', () => {
	const readButton = (name: string) =>
		new URL(/\((https:\/\/vercel\.com\/new\/clone[^)]*)\)/.exec(read(name))?.[1] ?? 'none:')
	const names = readButton('README.md').searchParams.get('env')?.split(',') ?? []
	const variables = Object.fromEntries(names.map(name => [name, `libsql://${name}.example`]))
	const production = { ...variables, VERCEL: '1', VERCEL_ENV: 'production' }

	test('is the same in both languages', () => {
		expect(readButton('README.zh-CN.md').href).toBe(readButton('README.md').href)
	})

	test('asks for all that a deployment needs, and for nothing that does not exist', () => {
		const deployment = readDeployment(production)
		expect(deployment).toMatchObject({ ok: true, environment: variables })
	})

	test.each(['README.md', 'README.zh-CN.md'])('%s tells what to put into each variable', name => {
		for (const variable of names) expect(read(name)).toMatch(new RegExp(`^\\| [^|]*\`${variable}\``, 'm'))
	})
})

describe('the Dockerfile', () => {
	const { stages, healthcheck, volumes } = readDockerfile(read('Dockerfile'))
	const last = stages.at(-1) as Stage
	const copies = stages.flatMap(stage => stage.instructions.filter(each => each.kind === 'copy'))

	test('copies only what exists, from stages that exist', () => {
		for (const { from, sources } of copies) {
			if (from !== undefined) expect(stages.map(({ name }) => name)).toContain(from)
			else for (const source of sources) expect(existsSync(join(projectRoot, source)), source).toBe(true)
		}
	})

	test('runs without rights, with the packages of production alone', () => {
		expect(last.instructions.filter(({ kind }) => kind === 'user')).toEqual([{ kind: 'user', name: 'node' }])
		const packages = stages.find(({ name }) => name === 'packages')
		expect(packages?.instructions).toContainEqual({ kind: 'run', command: 'npm ci --omit=dev' })
		expect(last.instructions.filter(({ kind }) => kind === 'run')).toHaveLength(1)
	})

	test('keeps what is worth keeping in its volume, and says how it is', () => {
		const variables = Object.assign(
			{},
			...last.instructions.map(each => ('variables' in each ? each.variables : {})),
		)
		expect(volumes).toEqual([variables.CLAUDE_PROXY_HOME])
		expect(variables).toMatchObject({ HOST: '0.0.0.0', NODE_ENV: 'production' })
		expect(existsSync(join(projectRoot, healthcheck[1] as string))).toBe(true)
	})

	test('the build gets no secret and no data', () => {
		const ignored = read('.dockerignore').split('\n')
		for (const name of ['.env', 'data', '.git', 'node_modules']) expect(ignored).toContain(name)
	})
})

describe('whoever stops the process waits longer than its open streams may take', () => {
	const patience: [string, number][] = [
		['pm2', createRequire(import.meta.url)('../../ecosystem.config.cjs').apps[0].kill_timeout],
		['systemd', 1000 * Number(/TimeoutStopSec=(\d+)/.exec(read('deploy/claude-proxy.service'))?.[1])],
		['compose', 1000 * Number(/stop_grace_period: (\d+)s/.exec(read('compose.yaml'))?.[1])],
	]
	test.each(patience)('%s', (_name, ms) => {
		expect(ms).toBeGreaterThan(SHUTDOWN_TIMEOUT)
	})
})

test.each([
	['deploy/nginx.conf', /client_max_body_size (\d+)m;/],
	['deploy/Caddyfile', /max_size (\d+)MB/],
])('%s lets every request through that the proxy takes', (file, pattern) => {
	expect(Number(pattern.exec(read(file))?.[1])).toBeGreaterThan(MAX_BODY_MB)
})
