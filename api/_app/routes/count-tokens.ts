import { countTokens } from '../../../core/proxy/count-tokens.ts'
import type { AppServices } from '../services.ts'
import type { Entrance, V1Route } from './entrance.ts'

/** `POST /v1/messages/count_tokens`. Not counted by the rate limit: it is for answers, and counting costs none. */
export function createCountTokensRoute({ proxy }: AppServices, entrance: Entrance): V1Route {
	return (request, sink) =>
		entrance.admit(request, sink, {
			methods: ['POST'],
			async run(requestId) {
				const read = await entrance.read(request, requestId)
				const answer = read && (await countTokens(proxy, read.incoming, read.snapshot))
				if (!answer) return
				sink.head(answer.status, { ...answer.headers, 'request-id': requestId })
				sink.end(answer.body)
			},
		})
}
