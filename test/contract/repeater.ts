import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Repeater {
	url: string
	/** What every request is answered with. */
	answer: { contentType: string; body: string }
	close(): Promise<void>
}

/** An upstream that says what it was told to, whatever it is asked. */
export async function startRepeater(): Promise<Repeater> {
	const server = createServer((request, response) => {
		request.resume()
		response.writeHead(200, { 'content-type': repeater.answer.contentType }).end(repeater.answer.body)
	})
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
	const repeater: Repeater = {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		answer: { contentType: '', body: '' },
		close: () => new Promise(resolve => void server.close(() => resolve())),
	}
	return repeater
}
