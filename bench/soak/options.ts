import { parseArgs } from 'node:util'

export interface SoakOptions {
	minutes: number
	/** Clients per instance, each of which sends one request after the other. */
	clients: number
}

export const usage = `npm run soak -- [--minutes <n>] [--clients <n>]

  --minutes <n>   how long (default 10)
  --clients <n>   per instance (default 4)
`

/** @throws Error that says what is wrong with the command line */
export function readOptions(args: readonly string[]): SoakOptions | 'help' {
	const { values } = parseArgs({
		args: [...args],
		options: {
			minutes: { type: 'string', default: '10' },
			clients: { type: 'string', default: '4' },
			help: { type: 'boolean', default: false },
		},
	})
	if (values.help) return 'help'
	return {
		minutes: readNumber('minutes', values.minutes, 0.5, 24 * 60),
		clients: Math.round(readNumber('clients', values.clients, 1, 100)),
	}
}

function readNumber(name: string, text: string, min: number, max: number): number {
	const value = Number(text)
	if (text.trim() !== '' && value >= min && value <= max) return value
	throw new Error(`--${name} must be a number from ${min} to ${max}, not "${text}"`)
}
