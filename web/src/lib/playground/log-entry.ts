import { type Api, read } from '../api/client.ts'
import type { RequestView } from '../requests/types.ts'

const tries = 6
const pauseMs = 600

/** A request that has just been sent, as the log has it: the log is written behind the requests' backs. */
export async function findLogged(
	api: Api,
	id: string,
	isWanted: () => boolean,
): Promise<RequestView | undefined> {
	for (let left = tries; left > 0; left--) {
		await new Promise(resolve => setTimeout(resolve, pauseMs))
		if (!isWanted()) return undefined
		try {
			// By search: a single request that is not there yet would be an error.
			const { requests } = await read(api.requests.$get({ query: { text: id, limit: '1' } }))
			const found = requests.find(request => request.id === id)
			if (found) return found
		} catch {
			// The answer is there all the same; what the log adds is not worth an error.
			return undefined
		}
	}
	return undefined
}
