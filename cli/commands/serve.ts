import type { Command } from '../command.ts'
import { usageError } from '../refuse.ts'

export const serve: Command = {
	usage: ['serve [--port <port>] [--host <address>]'],
	options: {
		port: { value: 'port', description: 'port to listen on, instead of PORT' },
		host: { value: 'address', description: 'address to listen on, instead of HOST' },
		dev: { description: 'serve the admin from its development server' },
	},
	examples: ['serve', 'serve --port 8080 --host 0.0.0.0'],
	async run({ words, options }) {
		if (words.length > 0) throw usageError('serve takes options only: serve --port 8080')
		const port = readPort(options.text('port'))
		const host = options.text('host')
		const { runServe } = await import('../serve.ts')
		await runServe({
			dev: options.has('dev'),
			...(port === undefined ? {} : { port }),
			...(host === undefined ? {} : { host }),
		})
		return { data: undefined, lines: [] }
	},
}

function readPort(text: string | undefined): number | undefined {
	if (text === undefined) return undefined
	if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
	throw usageError('--port must be a whole number from 0 to 65535')
}
