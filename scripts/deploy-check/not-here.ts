/**
 * Tests of the end-to-end suite that a place cannot be asked, as patterns of their names. Everything else must hold
 * everywhere.
 */
export function notHere(place: string | undefined): string[] {
	return [...everywhere, ...(of[place ?? ''] ?? [])]
}

/** A place has one adapter; what is asked of the inside of a process cannot be asked of another one. */
const everywhere = [
	'fetch adapter',
	// Tell the process of a failure by a function call.
	'a request chooses by what is known then, not by what was known when it began',
	// Ask a process how many requests wait in it, or what it knows of a key at this moment.
	'requests beyond it wait for their turn, sessions in turn',
	'an upstream gets no more requests at once than it may; the others wait',
	'a stream that only keeps alive is given up for the next key',
	'who waits is logged with the wait',
	// Wait until a process knows of a webhook, and look into its outbox.
	'are told, signed, once per incident',
	'are told of a demoted key by its mask',
	'are told when too many requests fail',
	'a message that is not taken is sent again',
	'a receiver that hangs, and very many messages',
	'shows neither address nor secret, and a test message',
	'of many instances that see an incident',
	'clients that leave change no error rate',
	'planted keys, over the',
	// Writes to the log of a process, reads its metrics.
	'hold no key, wherever one was put',
	'whoever has no key is seen in the log',
	// Have a process send its spans now.
	'OpenTelemetry by',
]

/** Whoever is in front of the proxy says where a request comes from, whatever the client says. */
const addressIsTold = 'from one address keeps no other out, nor who is in'

/** Tells of a start on one computer that nobody else can reach. */
const setupIsPrivate = 'tells that the admin key is the access key'

/**
 * Two processes take turns. Each has its own counters, queues and lists; what one has changed or learned the other
 * knows within a second, and not for the very next request. test/deploy/places/ asks what holds for both together.
 */
const ofOneProcess = [
	// Changed or learned by one request, expected of the next.
	'keys are tried in the order that was set',
	'a key that cools says why',
	'only the named scope is cleared',
	'a demoted key says so',
	'serves the very next request',
	'is in the very next answer',
	'the next request goes where a change says',
	'makes another proxy answer as this one',
	'filters, pages, and is read along',
	'a key whose cooldown is over',
	'tells the truth about upstream, keys',
	'an error after the first content ends the stream',
	'usage corrects the estimate',
	'is measured by its own name',
	'a repair',
	'what was learned holds',
	'OpenAI-compatible upstreams',
	'Anthropic-compatible upstreams',
	'Gemini upstreams',
	// Read once and kept, by each.
	'the SDK lists every model',
	'50 clients at once cost the upstream',
	'an alias that the list lacks',
	'cost what one does',
	'a busy proxy asks the database once',
	'no request is lost while it is away',
	'tunnels https',
	'the request is repeated once, unseen',
	// Counted by each for itself.
	'round-robin uses each key in turn',
	'who waits too long is told to come back',
	'a busy key is passed over',
	'when every key stays busy',
	'more requests at once than allowed',
	'counts requests, attempts, tokens',
	'labels are escaped, few',
	'what it asks for is scraped',
	'while the database is away the instance counts for itself',
	'of too many, too large or too often is in the log',
]

const of: Record<string, string[]> = {
	container: [setupIsPrivate],
	pm2: ofOneProcess,
	vercel: [
		...[addressIsTold, setupIsPrivate],
		// The platform itself refuses other methods than GET where there is a page: everywhere but at the API.
		'POST /nothing is unknown',
		// Another path needs its place in vercel.json, as docs/deploy.md says.
		'can be moved and switched off',
		// Look into the database's file.
		'no key is in what is stored, whoever wrote it',
		'neither log nor database file holds one',
	],
	nginx: [addressIsTold, 'by https, also behind a proxy that ends it, the cookie is for https only'],
}
