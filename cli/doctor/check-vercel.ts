import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FoundEnvironment } from '../environment.ts'
import { advise, type Finding, inArea } from './finding.ts'

/** Seconds that a long answer may take. */
const wantedDuration = 300

/** Vercel's regions by the part of the world: https://vercel.com/docs/regions */
const places: readonly { area: string; vercel: RegExp; database: RegExp }[] = [
	{
		area: 'North America',
		vercel: /^(?:iad|cle|pdx|sfo|yul)\d/,
		database: /us-|ca-|iad|ord|lax|sjc|dfw|ewr/,
	},
	{ area: 'Europe', vercel: /^(?:dub|lhr|cdg|fra|arn)\d/, database: /eu-|lhr|fra|ams|cdg|mad/ },
	{
		area: 'Asia',
		vercel: /^(?:hnd|kix|icn|hkg|sin|bom)\d/,
		database: /ap-(?:northeast|southeast-1|south-)|nrt|hkg|sin|bom|tokyo/,
	},
	{ area: 'Australia', vercel: /^syd\d/, database: /ap-southeast-2|syd/ },
	{ area: 'South America', vercel: /^gru\d/, database: /sa-|gru/ },
]

/** A checkout that is deployed to Vercel: how long its function may run, and how far it is from its database. */
export async function checkVercel({ home, environment }: FoundEnvironment): Promise<Finding[]> {
	const { ok, warn } = inArea('Vercel')
	const settings = await readSettings(join(home.directory, 'vercel.json'))
	const isRemote = /^(?:libsql|https):/.test(environment.TURSO_DATABASE_URL)
	if (settings === undefined || !isRemote) return []
	const durations = Object.values(settings.functions ?? {}).map(({ maxDuration }) => maxDuration ?? 0)
	const shortest = Math.min(...durations)
	const rows =
		durations.length === 0 || shortest >= wantedDuration
			? [ok('long answers have time enough')]
			: [
					warn(
						`its function may run ${shortest} s only`,
						advise(`set maxDuration in vercel.json to ${wantedDuration}`),
					),
				]
	return [...rows, ...judgeDistance(settings.regions ?? [], environment.TURSO_DATABASE_URL)]
}

interface VercelSettings {
	functions?: Record<string, { maxDuration?: number }>
	regions?: string[]
}

async function readSettings(path: string): Promise<VercelSettings | undefined> {
	try {
		return JSON.parse(await readFile(path, 'utf8')) as VercelSettings
	} catch {
		return undefined
	}
}

function judgeDistance(regions: readonly string[], databaseUrl: string): Finding[] {
	const { ok, warn } = inArea('Vercel')
	const host = URL.parse(databaseUrl.replace(/^libsql:/, 'https:'))?.hostname ?? ''
	const database = places.find(place => place.database.test(host.slice(host.indexOf('.'))))
	const [region] = regions
	if (!database || region === undefined) return []
	const place = places.find(({ vercel }) => vercel.test(region))
	if (place === undefined || place === database) return [ok(`region ${region} is near the database`)]
	const text = `region ${region} (${place.area}) is far from the database (${database.area}): each request waits for it`
	return [warn(text, advise('set regions in vercel.json to one near the database'))]
}
