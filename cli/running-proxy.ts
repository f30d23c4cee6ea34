import { get } from 'node:http'

/** A proxy on this computer answers at once, or is not there. */
const patienceMs = 700

export interface RunningProxy {
	version: string
	status: string
}

/** What listens at an address: a proxy of ours, something else, or nothing. */
export function findProxy(address: string, path: string): Promise<RunningProxy | 'foreign' | undefined> {
	return new Promise(resolve => {
		const request = get(`${address}${path}`, { timeout: patienceMs }, answer => {
			let text = ''
			answer.setEncoding('utf8')
			answer.on('data', chunk => {
				text += chunk
				if (text.length > 100_000) answer.destroy()
			})
			answer.on('close', () => resolve(readHealth(text)))
		})
		request.on('timeout', () => request.destroy())
		request.on('error', (error: NodeJS.ErrnoException) =>
			resolve(error.code === 'ECONNREFUSED' ? undefined : 'foreign'),
		)
	})
}

function readHealth(text: string): RunningProxy | 'foreign' {
	try {
		const { version, status, config } = JSON.parse(text) as Record<string, unknown>
		const isOurs = typeof version === 'string' && typeof status === 'string' && config !== undefined
		return isOurs ? { version, status } : 'foreign'
	} catch {
		return 'foreign'
	}
}
