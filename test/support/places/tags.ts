import type { PlaceName } from './place.ts'

/**
 * Marks of end-to-end tests that not every place can be asked. Whatever has none of them must hold everywhere; what
 * holds for several processes together is asked by test/deploy/places/.
 */
export const placeTags = [
	{
		name: 'inside-process',
		description:
			'Looks into the process that answers (waiting requests, what it knows at this moment, its outbox, its adapters), or tells it something by a call: in a place that is another process.',
	},
	{
		name: 'own-counters',
		description:
			'Counts exactly what each process counts, queues or claims for itself: turns, slots, metrics, tries of a key whose cooldown ended. Two processes count twice.',
	},
	{
		name: 'kept-by-each',
		description:
			'Expects once what each process does for itself and then keeps: a list of models, a connection, a tunnel.',
	},
	{
		name: 'told-address',
		description:
			'Gives clients addresses by a header. Whoever is in front of the proxy there says where a request comes from.',
	},
	{
		name: 'plain-http',
		description: 'Says by a header which scheme the client used. nginx says that itself.',
	},
	{
		name: 'private-start',
		description: 'Tells of a start on one computer that nobody else can reach.',
	},
	{
		name: 'platform-routes',
		description:
			'Asks for a path that the platform routes by vercel.json: another health path needs its place there, and where there might be a page it refuses other methods than GET itself.',
	},
	{ name: 'database-file', description: 'Reads the file of the database. There it is a server.' },
] as const

type PlaceTag = (typeof placeTags)[number]['name']

const notThere: Record<PlaceName, readonly PlaceTag[]> = {
	start: [],
	container: ['private-start'],
	pm2: ['own-counters', 'kept-by-each'],
	vercel: ['told-address', 'private-start', 'platform-routes', 'database-file'],
	nginx: ['told-address', 'plain-http'],
}

/** The filter that leaves out what a place cannot be asked. Source: https://vitest.dev/guide/test-tags */
export function filterTags(place: PlaceName): string {
	return ['inside-process', ...notThere[place]].map(tag => `!${tag}`).join(' && ')
}
