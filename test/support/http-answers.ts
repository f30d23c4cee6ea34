import type { Server } from 'node:http'
import { onTestFinished } from 'vitest'
import type { BodyResult } from '../../api/_app/http/body.ts'
import type { HotRequest } from '../../api/_app/routes/entrance.ts'
import type { ResponseSink } from '../../core/ports.ts'
import { type Answer, type ServerKind, startHttpServer } from './http-servers.ts'
import { openRawClient } from './raw-client.ts'

/** A server for one test, what it answers, and clients of it. */
export async function startAnswering(kind: ServerKind, prepare?: (server: Server) => void) {
	const answers = createAnswers()
	const server = await startHttpServer(kind, answers.answer, prepare)
	onTestFinished(() => server.close())
	const open = async () => {
		const client = await openRawClient(server.port)
		onTestFinished(() => void client.socket.destroy())
		return client
	}
	return { ...answers, ...server, open }
}

/** What servers of tests answer, by the last part of the path: `/v1/echo` and `/other/echo` are answered the same. */
function createAnswers() {
	const limitBytes = 1024 * 1024
	const bodies: BodyResult[] = []
	const held: (() => void)[] = []
	const hold = () => new Promise<void>(resolve => held.push(resolve))
	const kinds: Record<string, Answer> = {
		/** Tells what was asked. */
		async echo(request, sink) {
			const read = await request.readBody(limitBytes)
			bodies.push(read)
			if ('problem' in read) return answerText(sink, 413, read.problem)
			answerText(sink, 200, describeRequest(request, read.body))
		},
		/** One half at once, the other when it is told to. */
		async stream(_, sink) {
			sink.head(200, { 'content-type': 'text/event-stream' })
			sink.write('one ')
			await hold()
			sink.end('two')
		},
		/** As long as it is asked for, and not the whole answer. */
		async begun({ query }, sink) {
			sink.head(200, {})
			sink.write('x'.repeat(Number(query)))
			await hold()
			sink.end()
		},
		/** Wants the body when it is told to. */
		async late(request, sink) {
			await hold()
			await kinds.echo?.(request, sink)
		},
		/** Never reads the body. */
		deaf: (_, sink) => answerText(sink, 401, 'no'),
		/** As long as it is asked for: `/v1/long?1000`. */
		long: ({ query }, sink) => answerText(sink, 200, 'x'.repeat(Number(query))),
	}
	return {
		/** Bodies, or why there are none, as they were read. */
		bodies,
		/** How many wait to be told. */
		held,
		release() {
			for (const go of held.splice(0)) go()
		},
		answer(request: HotRequest, sink: ResponseSink) {
			const kind = kinds[request.path.split('/').at(-1) ?? '']
			return kind ? kind(request, sink) : answerText(sink, 404, 'nothing')
		},
	}
}

function answerText(sink: ResponseSink, status: number, text: string): void {
	sink.head(status, { 'content-type': 'text/plain' })
	sink.end(text)
}

function describeRequest({ method, path, query, headers }: HotRequest, body: Uint8Array): string {
	const text = Buffer.from(body).toString('latin1')
	return [method, path, query, headers['x-name'] ?? '-', text].join('|')
}
