import { relative } from 'node:path'
import { styleText } from 'node:util'
import { judgeDatabase } from '../api/_app/routes/health.ts'
import type { AppServices } from '../api/_app/services.ts'
import type { Snapshot } from '../core/config/snapshot.ts'
import { isUsable } from '../core/keys/strategy.ts'
import { toAddress } from './address.ts'
import type { LoadedEnvironment } from './environment.ts'
import { nameProgram } from './io.ts'

/** What `npm start` prints: where it is, where the access key is, what to paste into Claude Code, what to do next. */
export async function describeStart(start: {
	services: AppServices
	loaded: LoadedEnvironment
	port: number
	dev: boolean
}): Promise<string> {
	const { services, loaded, port, dev } = start
	const { HOST, HEALTH_CHECK_ENABLED, HEALTH_CHECK_PATH, NODE_ENV } = services.environment
	const address = toAddress(HOST, port)
	const rows: [string, string][] = [
		['Address', `${bold(address)}  (admin in a browser, API for clients)`],
		['Messages', `POST ${address}/v1/messages`],
		...(HEALTH_CHECK_ENABLED
			? ([['Health', `GET ${address}${HEALTH_CHECK_PATH}`]] as [string, string][])
			: []),
		['Access key', describeAccessKey(loaded)],
		['Database', services.database.label],
		['Mode', dev ? `${NODE_ENV}, admin with hot reload at http://localhost:5173` : NODE_ENV],
	]
	return [
		'',
		`${bold(`claude-proxy ${services.version}`)} is running`,
		'',
		...rows.map(([name, value]) => `  ${dim(name.padEnd(11))} ${value}`),
		'',
		...(await describeState(services)),
		'',
		...describeClaudeCode(address),
		'',
	].join('\n')
}

function describeAccessKey({ accessKeySource, generated }: LoadedEnvironment): string {
	const place =
		accessKeySource === 'the environment'
			? 'in the environment'
			: `in ${relative(process.cwd(), accessKeySource)}`
	const made = generated.includes('PROXY_ACCESS_KEY') ? ' (made just now)' : ''
	return `PROXY_ACCESS_KEY ${place}${made}`
}

/** A database that is away, or whose schema is not ours, is what to look at first. */
async function describeState(services: AppServices): Promise<string[]> {
	const snapshot = await Promise.resolve(services.config.current()).catch(() => undefined)
	const problems = judgeDatabase(services)
	const rows =
		problems.length > 0 ? [bold('Database: not as it should be'), ...problems.map(text => `  ${text}`)] : []
	if (snapshot) return [...rows, ...describeNextStep(snapshot)]
	return [...rows, '  Until it answers, requests get a 503; nothing has to be restarted.']
}

function describeNextStep(snapshot: Snapshot): string[] {
	const program = nameProgram(process.argv[1] ?? '')
	const upstream = snapshot.upstreams.find(({ id }) => id === snapshot.currentUpstreamId)
	if (snapshot.upstreams.length === 0) {
		return [
			bold('Next: add an upstream and a key of it, e.g.'),
			`  ${program} add my-openai openai https://api.openai.com/v1`,
			`  ${program} key my-openai add <your key>`,
			dim(`  or be led through it: ${program.replace(/ --$/, '')}`),
			...(program.startsWith('npm') ? [dim('  or see it work without any key first: npm run demo')] : []),
		]
	}
	if (!upstream) return [bold('Next: choose the upstream that answers'), `  ${program} use <name>`]
	if (!upstream.keys.some(isUsable)) {
		return [bold(`Next: add a key to ${upstream.name}`), `  ${program} key ${upstream.name} add <your key>`]
	}
	const keys = upstream.keys.length === 1 ? '1 key' : `${upstream.keys.length} keys`
	return [`Current upstream: ${bold(upstream.name)} (${upstream.type}, ${keys}, ${snapshot.strategy})`]
}

function describeClaudeCode(address: string): string[] {
	const settings = { env: { ANTHROPIC_BASE_URL: address, ANTHROPIC_AUTH_TOKEN: '<the access key>' } }
	return [
		bold('Claude Code: put this into ~/.claude/settings.json'),
		...JSON.stringify(settings, null, 2)
			.split('\n')
			.map(line => `  ${line}`),
	]
}

const bold = (text: string) => styleText('bold', text)
const dim = (text: string) => styleText('dim', text)
