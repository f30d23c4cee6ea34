/** Where the end-to-end suite finds the proxy: in the test's own process, or served the way people run it. */
export type PlaceName = 'start' | 'vercel' | 'container' | 'pm2' | 'nginx'

export interface PlacedOptions {
	/** What the test wants; a database URL is among them. */
	variables: Readonly<Record<string, string>>
	/** A folder of the test's own, removed afterwards. */
	folder: string
}

export interface PlacedServer {
	/** Without `/v1`. */
	url: string
	/** Processes that may answer the next request. */
	instances: number
	/** What was logged so far. */
	output(): string
	stop(): Promise<void>
}

export interface Place {
	/** A file beside the server, or a database server. */
	database: 'file' | 'remote'
	start(options: PlacedOptions): Promise<PlacedServer>
}

/** Set by `npm run deploy:check`, which also prepares what it names. */
export const placeName = (process.env.CLAUDE_PROXY_PLACE || undefined) as PlaceName | undefined

/** A variable that `npm run deploy:check` sets for the place. */
export function prepared(name: string): string {
	const value = process.env[name]
	if (!value) throw new Error(`${name} is not set: run npm run deploy:check -- ${placeName}`)
	return value
}
