import { readClaudeTarget } from '../../core/connect/claude-settings.ts'
import { toClientUrl } from '../../core/connect/connection.ts'
import { toAddress } from '../address.ts'
import { findClaudeSettings, readClaudeSettings, shortenPath } from '../claude-code-file.ts'
import type { FoundEnvironment } from '../environment.ts'
import { findProxy } from '../running-proxy.ts'
import { advise, type Finding, inArea, suggest } from './finding.ts'

/** Whether Claude Code of this user goes to this proxy, and with a key that it takes. */
export async function checkClaudeCode({ environment }: FoundEnvironment): Promise<Finding[]> {
	const { ok, warn } = inArea('Claude Code')
	const path = findClaudeSettings()
	const shown = shortenPath(path)
	const text = await readClaudeSettings(path)
	const write = suggest('connect', '--write')
	if (text === undefined) return [warn(`there is no ${shown}`, write)]
	const target = readClaudeTarget(text)
	if (target === undefined) return [warn(`${shown} names no proxy, or is no JSON`, write)]
	const { baseUrl, token, apiKey } = target
	const address = toAddress(environment.HOST, environment.PORT)
	if (baseUrl === undefined) return [warn(`${shown} does not name this proxy`, write)]
	const rows = [
		isSamePlace(baseUrl, address)
			? ok(`${shown} points here`)
			: warn(`${shown} points to ${hideUser(baseUrl)}, this proxy is ${address}`, write),
	]
	if (/\/v1\/?$/.test(baseUrl)) rows.push(warn('its URL ends in /v1, which Claude Code adds again', write))
	if (apiKey) rows.push(warn(`${shown} also has ANTHROPIC_API_KEY, which Claude Code may prefer`, write))
	if (isSamePlace(baseUrl, address) && token !== environment.PROXY_ACCESS_KEY) {
		rows.push(warn('its access key is another one than PROXY_ACCESS_KEY', write))
	}
	return rows
}

function isSamePlace(one: string, other: string): boolean {
	const normalize = (url: string) => {
		const { hostname = '', port = '' } = URL.parse(toClientUrl(url)) ?? {}
		return `${/^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname) ? 'here' : hostname}:${port}`
	}
	return normalize(one) === normalize(other)
}

const hideUser = (url: string) => URL.parse(url)?.origin ?? 'no URL'

/** Whether the proxy runs, or its port is free for it. */
export async function checkPort({ environment }: FoundEnvironment): Promise<Finding> {
	const { ok, warn, skip } = inArea('proxy')
	const address = toAddress(environment.HOST, environment.PORT)
	if (!environment.HEALTH_CHECK_ENABLED) return skip('its health check is off')
	const found = await findProxy(address, environment.HEALTH_CHECK_PATH)
	if (found === undefined) return ok(`not running; port ${environment.PORT} is free`)
	if (found === 'foreign') {
		return warn(
			`something else listens at port ${environment.PORT}`,
			advise('set PORT in .env to another one'),
		)
	}
	if (found.status === 'healthy') return ok(`${found.version} runs at ${address}`)
	return warn(`${found.version} runs at ${address}, and says that it is ${found.status}`)
}
