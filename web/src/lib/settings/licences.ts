/** What the admin and the proxy are built with, and under which licence each is. */
export const licences: readonly (readonly [name: string, licence: string])[] = [
	['Svelte', 'MIT'],
	['SvelteKit', 'MIT'],
	['Bits UI', 'MIT'],
	['Tailwind CSS', 'MIT'],
	['Lucide', 'ISC'],
	['µPlot', 'MIT'],
	['Hono', 'MIT'],
	['Zod', 'MIT'],
	['Drizzle ORM', 'Apache-2.0'],
	['libSQL', 'MIT'],
	['pino', 'MIT'],
	['eventsource-parser', 'MIT'],
	['OpenTelemetry', 'Apache-2.0'],
]
